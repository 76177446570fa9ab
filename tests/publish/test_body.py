"""A body as HTML: the quick way gives what the thorough one gives."""

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.publish import body
from aggregator.publish.body import body_html, feed_html
from aggregator.publish.ordinary import ordinary_html

_FRAGMENTS = [
    *(
        "a",
        "b ",
        "é",
        "中",
        "“",
        "1",
        ".",
        "!",
        "(",
        ")",
        "[",
        "]",
        "'",
        '"',
        "_",
        "*",
        "**",
        "`",
        "~",
        ":",
        "^",
        "{#id}",
        " ",
    ),
    *("\n", "\n\n", "  \n", "\\\n", "# ", "### ", "- ", "* ", "1. ", "10) ", "> ", "    ", "---\n", "===\n"),
    *(
        "\n\n```py\ncode\n```\n\n",
        "`co\\de`",
        "A_b_c",
        "www.a.example",
        "http://a.example/c",
        "[^1]",
        "- [ ] t\n",
        "$x$",
    ),
    *(
        "[x](http://a.example/b?c=d&e#f)",
        '[x](https://a.example/b "t")',
        "[x](http://a.example/é%20b)",
        "[x](/rel)",
        "[x](#x)",
    ),
    *("[x](javascript:x)", "[x](HTTP://A.example/)", "[x](https://é.example/)", "[x](mailto:a@b.example)", "[x](a%zz)"),
    *("![i](http://a.example/i.png)", "![](http://a.example/i.png)", "![*i* `j`](https://a.example/i.png 't')"),
    *("[![i](http://a.example/i.png)](http://a.example/)", "[x ![i](http://a.example/i.png) y](http://a.example/)"),
    *("&amp;", "&lt;", "&", "&copy;", "&#35;", "\\*", "\\<", "\\\\", "\\[", "\\&"),
    *("<b>", "|", "~~", "\t", "\u3000", "[y]: http://a.example/\n", "> > > > > > "),
]
_BETWEEN_TAGS = re.compile(r"\s*(<[^>]*>)\s*")


@given(st.lists(st.sampled_from(_FRAGMENTS), max_size=12).map("".join))
@example("> " * 30 + "deep")
def test_ordinary_markdown_is_rendered_as_by_the_thorough_way(markdown: str) -> None:
    """But for white space at the ends of blocks."""
    thorough = body._CLEANER.clean(body._rendered(markdown))
    assert _words(body_html(markdown)) == _words(thorough)
    assert _words(feed_html(markdown)) == _words(body._FEED_CLEANER.clean(body._PLAIN.render(markdown)))


@pytest.mark.parametrize("markdown", ["&" * 1_000_000, "| a " * 300_000, "| a |\n|---|\n" + "| <b> |\n" * 50_000])
def test_a_text_that_nobody_writes_is_shown_as_it_is(markdown: str) -> None:
    """It would take many seconds to render, while everybody else waits."""
    shown = f"<pre>{html.escape(markdown)}</pre>"
    assert body_html(markdown) == feed_html(markdown) == shown


def test_what_is_read_differently_is_not_ordinary() -> None:
    for markdown in (
        "<b>x</b>",
        "\\\\<b>",
        "| a |\n|---|",
        "~~x~~",
        "[x]: /y",
        "a\u3000",
        "> " * 10 + "x",
        "[x](data:x)",
    ):
        assert ordinary_html(markdown) is None, markdown
    assert ordinary_html("\\<b> *x* & [y](https://a.example/)") == (
        '<p>&lt;b&gt; <em>x</em> &amp; <a href="https://a.example/">y</a></p>\n'
    )


def _words(html: str) -> str:
    return _BETWEEN_TAGS.sub(r"\1", html).strip()
