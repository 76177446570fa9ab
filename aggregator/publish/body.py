"""A record's Markdown as HTML for a page: rendered without raw HTML, and sanitised again (XS-24)."""

import html
import re
from collections.abc import Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from aggregator.publish.ordinary import ordinary_html

_TAGS = """
a blockquote br code dd del div dl dt em h2 h3 h4 h5 h6 hr li ol p pre s strong sub sup table tbody td th thead tr ul
"""
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS.split()),
    attributes={
        "a": {"href", "class"},
        "code": {"class"},
        "ol": {"start"},
        "div": {"class", "tabindex", "role", "aria-label"},
    },
    link_rel="nofollow noopener noreferrer",
    url_schemes={"http", "https", "mailto"},
)
_FEED_CLEANER = nh3.Cleaner(
    tags={*_TAGS.split(), "h1", "img"} - {"div"},
    attributes={"a": {"href"}, "code": {"class"}, "ol": {"start"}, "img": {"src", "alt"}},
    link_rel=None,
    url_schemes={"http", "https", "mailto"},
)
# What is wider than a phone scrolls by itself, and by keyboard too.
_TAG = re.compile(
    r'<(?:(?P<heading>/?h)(?P<level>[1-6])|(?P<ending>/?)a\b[^>]*|img src="(?P<src>[^"]*)" alt="(?P<alt>[^"]*)"[^>]*)>'
)
_LONGEST_UNCOMMON = 300_000  # characters; markdown-it takes a second for them
_MOST_AMPERSANDS = 100_000  # nh3 is quadratic in character references
_TABLE = '<div class="wide" tabindex="0" role="region" aria-label="Table"><table>\n'


class _Renderer(RendererHTML):
    """HTML that asks nobody for anything: an image is a link to it."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        alt = self.renderInlineAsText(tokens[idx].children or [], options, env) or "image"
        said = _escaped(alt)
        depth = sum(token.nesting for token in tokens[:idx] if token.type in {"link_open", "link_close"})
        source = _escaped(str(tokens[idx].attrs.get("src", "")))
        following = next((token.content for token in tokens[idx + 1 :] if token.type != "link_close"), "")
        said += " " if depth and following[:1].isalnum() else ""  # a picture needs no space before the next word
        return said if depth else f'<a class="image" href="{source}">{said}</a>'

    def heading_open(self, tokens: Sequence[Token], idx: int, _: OptionsDict, env: EnvType) -> str:
        return f"<{_below_title(tokens[idx], env)}>"

    def heading_close(self, tokens: Sequence[Token], idx: int, _: OptionsDict, env: EnvType) -> str:
        return f"</{_below_title(tokens[idx], env)}>\n"

    def table_open(self, *_: Any) -> str:
        return _TABLE

    def table_close(self, *_: Any) -> str:
        return "</table></div>\n"


_MARKDOWN = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable(["table", "strikethrough"])
_PLAIN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def body_html(markdown: str) -> str:
    """Return the Markdown as HTML in which nothing is live or loaded; its highest headings are of the second level."""
    ordinary = ordinary_html(markdown)
    if _is_slow(markdown, ordinary):
        return _as_it_is(markdown)
    return _CLEANER.clean(_rendered(markdown) if ordinary is None else _without_images(ordinary))


def feed_html(markdown: str) -> str:
    """Return the Markdown as HTML for readers of feeds, which show pictures: plain, and sanitised again (XS-24)."""
    ordinary = ordinary_html(markdown)
    if _is_slow(markdown, ordinary):
        return _as_it_is(markdown)
    return _FEED_CLEANER.clean(_PLAIN.render(markdown) if ordinary is None else ordinary).strip()


def _is_slow(markdown: str, ordinary: str | None) -> bool:
    """Return whether to render this would hold up everybody else: nobody writes such a text, but feeds do."""
    return (ordinary is None and len(markdown) > _LONGEST_UNCOMMON) or markdown.count("&") > _MOST_AMPERSANDS


def _as_it_is(markdown: str) -> str:
    return f"<pre>{_escaped(markdown)}</pre>"


def _without_images(ordinary: str) -> str:
    """Return the HTML as ``_Renderer`` would have written it."""
    tags = list(_TAG.finditer(ordinary))
    top = min((int(tag["level"]) for tag in tags if tag["level"]), default=1)
    parts, place, depth = [], 0, 0
    for tag in tags:
        parts.append(ordinary[place : tag.start()])
        place = tag.end()
        if tag["level"]:
            parts.append(f"<{tag['heading']}{min(int(tag['level']) - top + 2, 6)}>")
        elif tag["src"] is not None:
            said = tag["alt"] or "image"
            said += " " if depth and ordinary[place : place + 5].removeprefix("</a>")[:1].isalnum() else ""
            parts.append(said if depth else f'<a class="image" href="{tag["src"]}">{said}</a>')
        else:
            depth += -1 if tag["ending"] else 1
            parts.append(tag[0])
    return "".join([*parts, ordinary[place:]])


def _rendered(markdown: str) -> str:
    env: EnvType = {}
    tokens = _MARKDOWN.parse(markdown, env)
    env["top"] = min((_level(token) for token in tokens if token.type == "heading_open"), default=1)
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, env))


def _level(heading: Token) -> int:
    return int(heading.tag[1])


def _below_title(heading: Token, env: EnvType) -> str:
    return f"h{min(_level(heading) - env['top'] + 2, 6)}"


def _escaped(text: str) -> str:
    return html.escape(text)
