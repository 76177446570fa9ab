"""Whatever a feed sends, its Markdown says the same words, leads to the same places, and holds nothing live."""

import html

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.normalize.html import sanitise
from aggregator.normalize.markdown import to_markdown
from aggregator.normalize.shapes import plainly
from tests.normalize.making import BASE, COMMONMARK, letters, live_parts, targets
from tests.normalize.payloads import CASES, CORPUS, corpus

MARKUP = r"""
* ** _ __ ` ``` ~~ < > & &lt; &amp; &lt;b&gt; &amp;copy; # ## - -- --- + 1. 1) = === | [ ] ]( ) [a]: ! ![ \ \\
"""
MARKS = MARKUP.split()
WORDS = ["a", "b c", "é", "漢字", " ", "\n", "“", "”", "«", "»", ".", ",", "(x)", "javascript:a", "https://x.example"]
TEXT = st.lists(st.sampled_from(MARKS + WORDS), max_size=12).map("".join)
INLINE = st.sampled_from(["b", "em", "code", "span", 'a href="/x?a=1&amp;b_(c)*"', "q", "kbd"])
BLOCKS = """
p div ul><li blockquote h2 pre section figure ol><li pre><code table><tr><td table><tr><th dl><dt dl><dd details
ul><li><p
"""
BLOCK = st.sampled_from(BLOCKS.split())


def element(tag: str, inner: str) -> str:
    closing = "".join(f"</{name.split()[0]}>" for name in reversed(tag.split("><")))
    return f"<{tag}>{inner}{closing}"


PIECE = st.one_of(TEXT, st.sampled_from(["<br>", "<img src='/i.png' alt='x*]'>"]), st.builds(element, INLINE, TEXT))
BODY = st.lists(st.one_of(PIECE, st.builds(element, BLOCK, st.lists(PIECE, max_size=4).map("".join))), max_size=5)


@given(BODY.map("".join))
def test_what_reads_shapes_loses_no_text(markup: str) -> None:
    """A tree of another parser than the sanitiser's is between them where a body has tables, code or such."""
    assert letters(nh3.clean(plainly(f"{markup}<dl></dl>"))) == letters(nh3.clean(markup))


def check(markup: str) -> None:
    safe = sanitise(markup, BASE)
    markdown = to_markdown(safe)
    rendered = COMMONMARK.render(markdown)
    assert not live_parts(markdown)
    assert letters(rendered).replace("\ufffd", "") == letters(safe).replace("\ufffd", "")
    assert sanitise(rendered, BASE).count("<script") == 0


@given(TEXT)
def test_text_is_text(text: str) -> None:
    """XS-24."""
    check(f"<p>{text}</p>")


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
def test_any_characters_at_all_are_text(text: str) -> None:
    check(f"<p>{html.escape(text)}</p>")


@given(BODY.map("".join))
def test_words_survive_the_way_through_markdown(markup: str) -> None:
    """XS-24."""
    check(markup)


@given(
    st.lists(
        st.sampled_from(["/a", "b?c=d&amp;e", "https://x.example/(y)", "javascript:z", "/q`r", "/s|t"]), max_size=6
    )
)
def test_links_keep_their_targets_and_order(links: list[str]) -> None:
    safe = sanitise(" and ".join(f'<a href="{link}">link!</a>' for link in links), BASE)
    assert targets(COMMONMARK.render(to_markdown(safe))) == targets(safe)


@given(st.text(alphabet="<>/ab i=\"'&;!-\n", max_size=80))
def test_broken_markup_gives_nothing_live(markup: str) -> None:
    assert not live_parts(to_markdown(sanitise(markup, BASE)))


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this checkout (../shared/corpus)")
def test_known_payloads_give_nothing_live_as_markup_or_as_text() -> None:
    """XS-01…24."""
    for payload in (*CASES, *corpus()):
        check(payload)
        check(html.escape(payload))
