"""Boilerplate that leaves the body."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.boilerplate import boilerplate, rules_of, without_cuts
from aggregator.text.litter import without_endings, without_images
from aggregator.text.plain import markup_text

POST = (
    '<p>The post <a href="https://h.example/1">A &amp; B</a> appeared first on <a href="https://h.example">H</a>.</p>'
)
REDDIT = (
    ' submitted by <a href="https://reddit.example/u"> /u/ferryman </a> <br>'
    ' <a href="https://reddit.example/l">[link]</a> <a href="https://reddit.example/c">[comments]</a>'
)
IMAGES = rules_of("image")


def body_of(markup: str) -> str:
    text = markup_text(markup)
    return without_endings(markup, text, boilerplate(text))


@pytest.mark.parametrize(
    "ending", [POST, f"<div>{POST}</div>", POST.replace("<p>", "<br>").replace("</p>", ""), REDDIT]
)
@pytest.mark.parametrize("more", ["", '<p><a href="https://h.example/c">Comments</a></p>'])
def test_an_ending_goes_with_its_links_and_its_paragraph(ending: str, more: str) -> None:
    left = body_of(f"<p>The <b>ferry</b> is back.</p>{ending}{more}")
    assert left.replace("<br>", "").replace(" ", "") == f"<p>The <b>ferry</b> is back.</p>{more}".replace(" ", "")


def test_a_link_to_read_more_stays_in_the_body() -> None:
    body = '<p>Words. <a href="https://h.example">Read more of this story</a> at News.</p>'
    assert body_of(body) == body
    assert body_of(body + POST) == body


def test_a_body_of_nothing_else_stays() -> None:
    """There is nothing else to read, and a link of an aggregator's entry may be all there is to it."""
    assert body_of(REDDIT) == REDDIT


def test_words_before_an_ending_in_the_same_piece_of_text_stay() -> None:
    ending = "The post Ferries &lt;3 appeared first on Harbour."
    assert body_of(f"<p>It is back &lt; soon.<br>{ending}</p>") == "<p>It is back &lt; soon.<br></p>"
    assert body_of(f"<p>It is back &lt; soon. {ending}</p>").strip() == "<p>It is back &lt; soon. </p>"


def test_cells_and_images_stay_where_an_ending_was() -> None:
    table = '<table><tr><td><a href="https://r.example"><img src="https://r.example/i.png" alt="A boat."></a></td>'
    assert body_of(f"<p>Words.</p>{table}<td>{REDDIT}</td></tr></table>").startswith(f"<p>Words.</p>{table}<td>")


@given(st.lists(st.sampled_from(["<p>", "</p>", "A. ", "b &amp; c", "<q>d</q>", POST, REDDIT, "<br>", "\n", "&nbsp;"])))
def test_the_body_says_what_the_text_says_and_the_links_that_programs_do_not_read(pieces: list[str]) -> None:
    markup = "".join(pieces)
    text = markup_text(markup)
    cuts = boilerplate(text)
    leaving = [cut for cut in cuts if cut.from_body]
    left = "".join(markup_text(without_endings(markup, text, cuts)).split())
    wanted = "".join(without_cuts(text, leaving).split())
    assert left == (wanted or "".join(text.split()))


@pytest.mark.parametrize(("name", "address"), [(rule["name"], each) for rule in IMAGES for each in rule["remove"]])
def test_images_that_tell_on_their_reader_go_and_are_counted(name: str, address: str) -> None:
    """XS-27."""
    removed: Counter[str] = Counter()
    assert without_images(f'<p>a<img src="{address}" alt=""></p>', removed) == "<p>a</p>"
    assert removed == {name: 1}


@pytest.mark.parametrize("address", [each for rule in IMAGES for each in rule["keep"]])
def test_images_that_are_looked_at_stay(address: str) -> None:
    image = f'<p>a<img src="{address}" alt=""></p>'
    assert without_images(image, Counter()) == image
