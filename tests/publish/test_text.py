"""A body as plain text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.publish.text import body_text

LINKED = "The [ferry](https://x.example/a) is back: [it](https://x.example/a), [boat](https://x.example/b)."


def test_links_are_footnotes_and_an_address_has_one_number() -> None:
    text = "The ferry [1] is back: it [1], boat [2].\n\n[1] https://x.example/a\n[2] https://x.example/b"
    assert body_text(LINKED) == text


def test_links_are_dropped_by_choice() -> None:
    assert body_text(LINKED, links="drop") == "The ferry is back: it, boat."


def test_an_address_that_is_its_own_words_needs_no_note() -> None:
    markdown = "[https://x.example/a](https://x.example/a), [m@x.example](mailto:m@x.example)"
    assert body_text(markdown) == "https://x.example/a, m@x.example"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# Head *line*\n\nWords.", "Head line\n=========\n\nWords."),
        ("## 港\n\n### c", "港\n--\n\nc"),
        ("a **b** *c* `d` \\*e\\* &lt;f>", "a b c d *e* <f>"),
        ("one  \ntwo\nthree", "one\ntwo three"),
        ("- a\n- b\n  1. c\n  2. d", "- a\n- b\n  1. c\n  2. d"),
        ("3. a\n\n   more\n4. b", "3. a\n\n   more\n\n4. b"),
        ("> a\n>\n> > b", "> a\n>\n> > b"),
        ("```py\nx = 1\n\n  y\n```", "    x = 1\n\n      y"),
        ("| a | b |\n| --- | --- |\n| 港港 | 2 |\n| c |  |", "a     b\n----  -\n港港  2\nc"),
        ("a\n\n---\n\nb", "a\n\n* * *\n\nb"),
        ("![A boat](https://x.example/i)", "[A boat] [1]\n\n[1] https://x.example/i"),
        ("", ""),
    ],
)
def test_shapes_stay_readable(markdown: str, text: str) -> None:
    assert body_text(markdown) == text


def test_lines_are_broken_between_words_and_keep_their_place() -> None:
    text = body_text("- " + "word " * 12 + "\n\n> " + "word " * 12 + "\n\n```\n" + "x" * 60 + "\n```", width=30)
    assert max(len(line) for line in text.split("\n") if "x" not in line) <= 30
    assert text.startswith("- word word word word word\n  word")
    assert "\n> word word word word word\n> word" in text
    assert "\n    " + "x" * 60 in text


@given(st.text(alphabet="ab #>*_-1.!\n ", max_size=200), st.none() | st.integers(20, 60))
def test_no_word_is_lost_and_none_moves(markdown: str, width: int | None) -> None:
    said = body_text(markdown, width=width)
    assert "".join(filter(str.isalpha, said)) == "".join(filter(str.isalpha, markdown))


@given(st.text(alphabet="ab [](>)*_`#-1.|\n~!&;\\<", max_size=200))
def test_any_markdown_is_text_without_space_at_the_ends_of_lines(markdown: str) -> None:
    said = body_text(markdown)
    assert said == said.strip("\n")
    assert all(line == line.rstrip() for line in said.split("\n"))


@pytest.mark.parametrize("piece", ["> ", "- ", "[a](", "| a ", "*a ", "1. ", "![", "\n\n# a"])
def test_a_hostile_body_costs_time_in_proportion(piece: str) -> None:
    started = time.process_time()
    body_text(piece * (50_000 // len(piece)))
    assert time.process_time() - started < 10
