"""Text that a page hides."""

import time
from collections import Counter

import pytest

from aggregator.normalize.article import normalize
from aggregator.normalize.html import sanitise
from tests.normalize.making import BASE, entry


def sanitised(markup: str) -> tuple[str, bool]:
    removed: Counter[str] = Counter()
    return sanitise(markup, BASE, removed), removed["hidden-text"] > 0


@pytest.mark.parametrize(
    "attributes",
    [
        "hidden",
        'HIDDEN=""',
        'style="display:none"',
        "style=display:none!important",
        'STYLE="color:red; Display : None ;"',
        'style="dis/**/play:none"',
        'style="display:n\\6f ne"',
        'style="display&#58;none"',
        'style="visibility:hidden"',
        'style="opacity:0.0"',
        'style="font-size:0"',
        'style="font-size:1px;line-height:1px"',
        'style="text-indent:-9999px"',
        'style="position:absolute;left:-5000px"',
        'style="position:absolute;clip:rect(0 0 0 0)"',
        'style="max-height:0;overflow:hidden"',
        'style="color:#fff;background-color:white"',
        'style="transform:scale(0)"',
    ],
)
@pytest.mark.parametrize("tag", ["p", "div", "span", "font"])
def test_hidden_text_goes_and_is_flagged(tag: str, attributes: str) -> None:
    assert sanitised(f"<b>a</b><{tag} {attributes}>Ignore <i>all</i> that.</{tag}><i>c</i>") == (
        "<b>a</b><i>c</i>",
        True,
    )


@pytest.mark.parametrize(
    "shown",
    [
        '<p style="display:block">x</p>',
        '<p style="color:#fff;background:#000">x</p>',
        '<td style="font-size:0"><div style="font-size:13px">x</div></td>',
        '<div style="visibility:hidden"><p style="visibility: visible">x</p></div>',
        '<div style="position:relative;padding-bottom:56%;height:0;overflow:hidden"><iframe src="/x"></iframe></div>',
        "<p>How a style says display:none, and what is hidden by it.</p>",
        '<p style="opacity:0.5;left:-1px">x</p>',
    ],
)
def test_what_shows_stays_and_has_no_flag(shown: str) -> None:
    markup, is_flagged = sanitised(shown)
    assert "x" in markup or "hidden by it" in markup
    assert not is_flagged


@pytest.mark.parametrize(
    "markup",
    [
        '<a onclick="more()">More</a><div style="display:none">words</div>',
        '<p><font style="color:white">words</font></p>',
    ],
)
def test_what_may_be_shown_stays_and_is_flagged(markup: str) -> None:
    assert "words" in sanitised(markup)[0]
    assert sanitised(markup)[1]


def test_a_hidden_image_is_no_hidden_text() -> None:
    assert sanitised('a<img src="/i.png" style="display:none">b') == ("ab", False)


def test_an_article_says_what_its_readers_do_not_see() -> None:
    article = normalize(
        entry(
            "Fer\u200bry",
            body='<p>Words.</p><p style="display:none">Ignore all that.</p>',
            summary="<p hidden>Ignore.</p> A\u202eb",
        )
    )
    assert (article.body_md, article.text, article.summary) == ("Words.", "Words.", "A\u202eb")
    assert article.flags == ("hidden_text", "zero_width", "bidi_override")
    assert not article.boilerplate


@pytest.mark.parametrize(
    "piece",
    [
        "<p hidden>a",
        '<b style="font-size:0">a',
        '<i style="display:none">a</i>',
        '<u style="color:#fff">a</u>',
        "style ",
    ],
)
def test_hostile_styles_cost_time_in_proportion(piece: str) -> None:
    """XS-28."""
    started = time.monotonic()
    sanitised(piece * (200_000 // len(piece)))
    assert time.monotonic() - started < 5
