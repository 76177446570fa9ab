"""Blocks stay apart: rendered back, each word stands where the HTML had it."""

import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from tests.normalize.making import COMMONMARK, markdown

_TABLE = "<table><tr><th>a<th>b</tr><tr><td>c<td>d</tr></table>"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<blockquote><ul><li>a</li></ul><p>x</p></blockquote>", "> - a\n>\n> x"),
        ("<blockquote><ol><li>a</li></ol>x</blockquote>", "> 1. a\n>\n> x"),
        ("<blockquote><p>a</p></blockquote><blockquote><p>b</p></blockquote>", "> a\n\n> b"),
        ("<p>a</p><blockquote><p>b</p></blockquote><p>c</p>", "a\n\n> b\n\nc"),
        ("a<blockquote><blockquote><p>b</p></blockquote>c</blockquote>", "a\n\n> > b\n>\n> c"),
        (f"<blockquote>{_TABLE}<p>x</p></blockquote>", "> | a | b |\n> | --- | --- |\n> | c | d |\n>\n> x"),
        (f"<ul><li>{_TABLE}<p>x</p></li></ul>", "- | a | b |\n  | --- | --- |\n  | c | d |\n\n  x"),
        (f"<ul><li><ul><li>y</li></ul>{_TABLE}</li></ul>", "- - y\n\n  | a | b |\n  | --- | --- |\n  | c | d |"),
        ("<ol><li>a<ul><li><blockquote>q</blockquote></li></ul></li></ol>", "1. a\n   - > q"),
        ("<ul><li><p>a<br><b>b</b></p><p>c</p></li></ul>", "- a  \n  **b**\n\n  c"),
        ("<ul><li><blockquote></blockquote></li><li>a</li></ul>", "-\n- a"),
        ("<blockquote><pre>a\n\n\nb</pre><p>x</p></blockquote>", "> ```\n> a\n>\n>\n> b\n> ```\n>\n> x"),
    ],
)
def test_a_block_ends_where_the_html_ends_it(markup: str, expected: str) -> None:
    assert markdown(markup) == expected


def _list_of(items: list[str], tag: str) -> str:
    return f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"


_LEAVES = st.sampled_from(
    (
        *("<p>?</p>", "?", "<p>? <b>?</b></p>", "<p>?<br><a href='/x'>?</a> ?</p>", "<h3>?</h3>", "<hr>"),
        *("<pre>?\n?</pre>", "<table><tr><th>?</th><th>?</th></tr><tr><td>?</td><td>?</td></tr></table>"),
    )
)


def _around(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(blocks, min_size=1, max_size=3).map(" ".join)
    return st.one_of(
        several.map(lambda inner: f"<blockquote>{inner}</blockquote>"),
        several.map(lambda inner: f"<div>{inner}</div>"),
        st.builds(_list_of, st.lists(several, min_size=1, max_size=3), st.sampled_from(("ul", "ol"))),
    )


_BODIES = st.lists(st.recursive(_LEAVES, _around, max_leaves=8), min_size=1, max_size=3).map(" ".join)
_HOLDERS = frozenset({"blockquote", "h3", "pre", "td", "th"})
_INLINE = frozenset({"a", "b", "br", "strong"})


@settings(max_examples=300, deadline=None)
@given(_BODIES)
def test_rendered_back_no_word_changes_its_place(body: str) -> None:
    numbers = iter(range(1000))
    body = re.sub(r"\?", lambda _: f"w{next(numbers)}", body)
    assert _places(COMMONMARK.render(markdown(body))) == _places(body)


def test_many_quotes_and_blank_lines_take_linear_time() -> None:
    """XS-28."""
    started = time.process_time()
    markdown("<blockquote>a</blockquote>" * 10_000 + "<pre>" + "\n" * 20_000 + "x</pre>")
    assert time.process_time() - started < 3


def _places(markup: str) -> list[tuple[str, int, tuple[str, ...]]]:
    """Each word, the number of the block that it stands in, and what that block is in."""
    numbers: dict[int, int] = {}
    words = _words(html.fragment_fromstring(markup, create_parent="div"), (), [0])
    return [(word, numbers.setdefault(block, len(numbers)), holders) for word, block, holders in words]


def _words(
    element: html.HtmlElement, holders: tuple[str, ...], block: list[int]
) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    is_block = element.tag not in _INLINE
    inner = holders
    if element.tag == "li":
        inner = (*holders, element.getparent().tag)
    elif element.tag in _HOLDERS:
        inner = (*holders, element.tag)
    block[0] += is_block
    yield from ((word, block[0], inner) for word in (element.text or "").split())
    for child in element:
        yield from _words(child, inner, block)
        yield from ((word, block[0], inner) for word in (child.tail or "").split())
    block[0] += is_block
