"""The quick writer beside the converter: where it takes a body at all, both say the same."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import ParsedFeed
from aggregator.normalize.html import sanitise
from aggregator.normalize.markdown import converted, sound
from aggregator.normalize.prose import written
from aggregator.parse import parse
from tests.normalize.making import BASE, COMMONMARK
from tests.normalize.payloads import CORPUS

WORDS = [
    "a",
    "b c",
    "é",
    "漢字\u3000",
    " ",
    "\n",
    "“x”",
    ".",
    "*",
    "_",
    "`",
    "&lt;b&gt;",
    "&amp;copy;",
    "&nbsp;",
    "# ",
    "- ",
    "1. ",
]
TEXT = st.lists(st.sampled_from([*WORDS, "!", "[", "](", "> ", "\\", "===", "| "]), max_size=5).map("".join)
LINKS = ["/x", "/x?a=1&amp;b=(2)", "/é", "/?a=&amp;amp;#38;b", "mailto:a@b.example"]
INLINE = st.sampled_from(["b", "em", "strong", "span", "sup", *(f'a href="{link}"' for link in LINKS)])
BLOCK = st.sampled_from(
    ["p", "div", "blockquote", "h2", "ul><li", "ol><li", "li", 'ol start="9"><li', "section", "pre"]
)
SINGLE = st.sampled_from(["<br>", "<hr>", "<img src='/i.png' alt='x*]'>", "\n", "<li>"])


def element(tag: str, inner: str) -> str:
    closing = "".join(f"</{name.split()[0]}>" for name in reversed(tag.split("><")))
    return f"<{tag}>{inner}{closing}"


PIECE = st.one_of(TEXT, SINGLE, st.builds(element, INLINE, st.one_of(TEXT, st.builds(element, INLINE, TEXT))))
PIECES = st.lists(PIECE, max_size=4).map("".join)
BLOCKS = st.builds(element, BLOCK, st.one_of(PIECES, st.builds(element, BLOCK, PIECES)))
BODY = st.lists(st.one_of(PIECE, BLOCKS), max_size=6).map("".join)


def is_taken(markup: str) -> bool:
    tokens = sound(markup)
    prose = written(tokens)
    if prose is not None:
        assert COMMONMARK.render(prose) == COMMONMARK.render(converted(tokens))
    return prose is not None


@given(BODY)
def test_both_ways_say_the_same(markup: str) -> None:
    is_taken(sanitise(markup, BASE))


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        ("<p>a</p>\n<p>b<br>c</p>", "a\n\nb  \nc"),
        ("a<br><br>b", "a\n\nb"),
        ("<h3>a <em>b</em></h3>text", "### a *b*\n\ntext"),
        ("<ol start=9><li>a</li><li>b<br>c</li></ol>", "9. a\n10. b  \n    c"),
        ("<p>a</p><blockquote><p>b</p><ul><li>c</li></ul></blockquote>", "a\n\n> b\n>\n> - c"),
        (
            '<p><a href="/x"><img src="/i" alt="[n]"></a></p>',
            "[![\\[n\\]](https://news.example/i)](https://news.example/x)",
        ),
    ],
)
def test_ordinary_bodies_need_no_converter(markup: str, markdown: str) -> None:
    assert written(sound(sanitise(markup, BASE))) == markdown


@pytest.mark.parametrize(
    "markup",
    [
        "<pre>a</pre>",
        "<table><tr><th>a</th><td>b</td></tr></table>",
        "<ul><li>a<ul><li>b</li></ul></li></ul>",
        "<ul>a</ul>",
        "<blockquote>a</blockquote><blockquote>b</blockquote>",
        '<a href="/x"><p>a</p></a>',
        '<a href="/é">a</a>',
        "<b>a </b>b",
    ],
)
def test_what_it_is_not_sure_of_it_leaves_to_the_converter(markup: str) -> None:
    assert not is_taken(sanitise(markup, BASE))


@pytest.mark.skipif(not (CORPUS.parent / "feeds-real").exists(), reason="the corpus is not beside this checkout")
def test_both_ways_say_the_same_of_bodies_of_real_feeds() -> None:
    taken = [is_taken(body) for body in _bodies()]
    assert sum(taken) > len(taken) / 2


def _bodies() -> Iterator[str]:
    """Yield two bodies of every third captured feed."""
    for path in sorted(path for path in (CORPUS.parent / "feeds-real").rglob("*") if path.is_file())[::3]:
        feed = parse(path.read_bytes(), url=BASE, content_type=None, now=datetime(2026, 7, 1, tzinfo=UTC))
        for entry in feed.entries[:2] if isinstance(feed, ParsedFeed) else ():
            if (content := entry.content or entry.summary) and "<" in content.value:
                yield sanitise(content.value, content.base)
