"""Sanitised HTML to CommonMark."""

import pytest

from aggregator.normalize.markdown import to_markdown
from tests.normalize.making import COMMONMARK, letters, live_parts, markdown, targets


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br><br>b<br>c", "a\n\nb  \nc"),
        ("<h2>Head</h2>text", "## Head\n\ntext"),
        ("<b>a</b> <em>b</em>", "**a** *b*"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "- a\n  - b"),
        ("<ol start=3><li>a</li><li>b</li></ol>", "3. a\n4. b"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ('<pre><code class="language-py">a <b>b</b>\n# *x* &lt;y&gt;</code></pre>', "```py\na b\n# *x* <y>\n```"),
        ("<code>a`b</code>", "``a`b``"),
        ('<a href="/x">t</a>', "[t](https://news.example/x)"),
        ('<a href="/x"><img src="/i.png" alt="n"></a>', "[![n](https://news.example/i.png)](https://news.example/x)"),
        ('<a href="/x"></a>text', "text"),
        ("<a>no link</a>", "no link"),
        ("<figure><img src=/i.png><figcaption>c</figcaption></figure>", "![](https://news.example/i.png)\n\nc"),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
            "| a | b |\n| --- | --- |\n| 1 | 2 |",
        ),
        ("<table><tr><td><p>layout</p></td></tr></table>", "layout"),
        ("<p>a</p><hr><p>b</p>", "a\n\n---\n\nb"),
        ("He said <q>no</q>", 'He said "no"'),
        ("", ""),
    ],
)
def test_structure_is_commonmark(markup: str, expected: str) -> None:
    assert markdown(markup) == expected


@pytest.mark.parametrize(
    "text",
    [
        "some MCI-derived data -- and one that",
        "snake_case and f(x) = y * 2",
        "a < b > c & d; AT&T",
        "C:\\Users\\ferry",
        "[…] and [sic] and 1. or # or + inside",
        "100% ~5 | 6: 7! (8) {9}",
        "#hashtag -5 degrees +1 1.5 million",
    ],
)
def test_text_that_needs_no_escape_has_none(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    assert markdown(f"<p>{escaped}</p>") == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("&lt;img src=x onerror=alert(1)&gt;", "\\<img src=x onerror=alert(1)>"),
        ("&amp;lt;script&amp;gt;", "\\&lt;script\\&gt;"),
        ("*a* _b_ `c`", "\\*a\\* \\_b\\_ \\`c\\`"),
        ("[x](javascript:alert(1))", "[x\\](javascript:alert(1))"),
        ("[a]: javascript:alert(1)", "[a\\]: javascript:alert(1)"),
        ("![x](y)", "\\![x\\](y)"),
        ("# head", "\\# head"),
        ("&gt; quote", "\\> quote"),
        ("- item", "\\- item"),
        ("+ item", "\\+ item"),
        ("12. item", "12\\. item"),
        ("12) item", "12\\) item"),
        ("a<br>===", "a  \n\\==="),
        ("a<br>---", "a  \n\\---"),
        ("~~~", "\\~\\~\\~"),
        ("\\*", "\\\\\\*"),
        ("&lt;!-- x --&gt;", "\\<!-- x -->"),
        ("&lt;https://x.example&gt;", "\\<https://x.example>"),
    ],
)
def test_text_that_looks_like_markup_is_escaped(text: str, expected: str) -> None:
    """XS-18, XS-24."""
    assert markdown(f"<p>{text}</p>") == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("これは<b>重要</b>です", "これは**重要**です"),
        ("<b>「引用」</b>です", "「引用」です"),
        ("a<b>“b”</b>c", "a“b”c"),
        ("<b>a<br>b</b>", "a  \nb"),
        ("<b><i>a</i></b>", "**a**"),
        ("<b>a</b><i>b</i>", "a*b*"),
        ("<b> a </b>b", "**a** b"),
        ("<b></b>a", "a"),
        ("1<b>.</b> a", "1\\. a"),
    ],
)
def test_emphasis_is_kept_where_commonmark_can_say_it(markup: str, expected: str) -> None:
    assert markdown(markup) == expected


def test_an_exclamation_before_a_link_makes_no_image() -> None:
    assert markdown('wow!<a href="/x">y</a>') == "wow\\![y](https://news.example/x)"
    assert markdown('wow\\!<a href="/x">y</a>') == "wow\\\\\\![y](https://news.example/x)"


def test_brackets_in_link_text_and_alt_are_escaped() -> None:
    assert markdown('<a href="/x">a]b[c</a>') == "[a\\]b\\[c](https://news.example/x)"
    assert markdown('<img src="/x" alt="a](b)">') == "![a\\](b)](https://news.example/x)"


def test_a_link_in_a_link_is_text() -> None:
    nested = '<a href="https://news.example/x">a<table><tr><td><a href="https://news.example/y">b</a><pre>c</pre></td></tr></table></a>'
    assert to_markdown(nested) == "[a b c](https://news.example/x)"


def test_a_link_holds_one_line_and_no_block() -> None:
    assert markdown('<a href="/x"><h2>a</h2><p>b</p><pre>c</pre></a>') == "[a b c](https://news.example/x)"


def test_entities_in_a_link_are_not_decoded_twice() -> None:
    html = COMMONMARK.render(markdown('<a href="https://x.example/?a=1&amp;amp;copy;=2">y</a>'))
    assert targets(html) == ["https://x.example/?a=1&amp;copy;=2"]


def test_hashes_at_the_end_of_a_heading_stay() -> None:
    html = COMMONMARK.render(markdown("<h2>C # ##</h2>"))
    assert letters(html) == "C###"
    assert not live_parts(markdown("<h2>C # ##</h2>"))
