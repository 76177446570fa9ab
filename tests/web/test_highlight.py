"""Where the words of a search stand in what it found."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.publish.body import body_html
from aggregator.store.query import parse_query
from aggregator.web.highlight import excerpt, highlighted

BODY = "Bread and butter. " * 30 + "A naïve FERRY left the harbour after a strike. " + "Nothing else was said. " * 30


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("naive", "A naïve man", "A <mark>naïve</mark> man"),
        ("naïve", "A naive man", "A <mark>naive</mark> man"),
        ("FÉRRY", "The ferry", "The <mark>ferry</mark>"),
        ("uber*", "Das Überall", "Das <mark>Überall</mark>"),
        ("uber", "U\u0308ber <b>", "<mark>Über</mark> &lt;b&gt;"),
        ("αλφα", "Άλφα", "<mark>Άλφα</mark>"),
        ('"last boat"', "the last, boat", "the <mark>last, boat</mark>"),
        ("京都", "東京都の", "東<mark>京都</mark>の"),
        ("title:ferry", "Ferry", "<mark>Ferry</mark>"),
        ("-ferry", "Ferry", "Ferry"),
    ],
)
def test_words_are_marked_as_the_index_finds_them(typed: str, text: str, marked: str) -> None:
    """Whatever their accents and their case."""
    assert highlighted(text, parse_query(typed)) == marked


@given(st.text(max_size=60), st.text(max_size=20))
def test_nothing_is_lost_or_added_but_marks(text: str, typed: str) -> None:
    shown = highlighted(text, parse_query(typed))
    assert shown.replace("<mark>", "").replace("</mark>", "").unescape() == unicodedata.normalize("NFC", text)


def test_an_excerpt_is_of_where_most_of_the_words_stand() -> None:
    def shown(typed: str) -> str:
        return excerpt("A ferry, and *no* more.", BODY, parse_query(typed))

    assert shown("ferry") == "A <mark>ferry</mark>, and *no* more."
    assert "A <mark>naïve</mark> <mark>FERRY</mark> left the harbour after a <mark>strike</mark>." in shown(
        "strike naive ferry"
    )
    assert shown("title:strike topic:x") == "A ferry, and *no* more."
    assert shown("unheard") == "A ferry, and *no* more."
    assert excerpt("", "", parse_query("x")) == ""
    assert excerpt("", "[![A ship](s.jpg)](https://x.example)Ferry", parse_query("x")) == "A ship Ferry"


def test_an_excerpt_begins_and_ends_with_whole_words() -> None:
    words = excerpt("", BODY, parse_query("strike")).replace("<mark>", "").replace("</mark>", "")
    assert (words[:2], words[-2:]) == ("… ", " …")
    assert set(words.strip(" …").split()) <= set(BODY.split())
    assert len(excerpt("", "港口渡轮" * 500, parse_query("渡"))) > 200


@pytest.mark.parametrize("beginning", ["![", "![![a](", "](", "[a](", "`", "# "])
def test_an_excerpt_of_a_hostile_text_takes_no_longer_than_of_another(beginning: str) -> None:
    """A quadratic one takes hours here, which is not to be mistaken for a slow machine."""
    assert "ferry" in excerpt("", beginning * 500_000 + " a ferry left", parse_query("ferry"))


def test_a_picture_in_a_link_is_parted_from_the_next_word() -> None:
    """It stands as its description, which no picture parts from what follows."""
    for markdown in ("[![A ship](s.jpg)](https://x.example)Ferry", "[![A ship](s.jpg)Ferry](https://x.example)"):
        assert "A ship Ferry" in re.sub("<[^>]*>", "", body_html(markdown))
