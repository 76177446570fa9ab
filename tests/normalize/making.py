"""Entries and readings for the tests of this room."""

import html
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from markdown_it import MarkdownIt
from markdown_it.token import Token

from aggregator.model import Content, Enclosure, Entry
from aggregator.normalize.html import sanitise
from aggregator.normalize.markdown import to_markdown
from aggregator.text.plain import markup_text

BASE = "https://news.example/a/"
# With HTML on, so that anything live in the Markdown would show.
COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable("table")


def content(value: str, *, html: bool = True, base: str = BASE) -> Content:
    return Content(value=value, html=html, base=base)


def entry(
    title: str | None = "Ferry returns",
    *,
    guid: str | None = None,
    link: str | None = None,
    body: str | None = None,
    summary: str | None = None,
    enclosures: Sequence[str] = (),
    published: datetime | None = None,
    updated: datetime | None = None,
    categories: tuple[str, ...] = (),
) -> Entry:
    return Entry(
        guid=guid,
        guid_is_permalink=False,
        link=link,
        title=content(title, html=False) if title else None,
        content=content(body) if body else None,
        summary=content(summary) if summary else None,
        enclosures=tuple(Enclosure(url=url) for url in enclosures),
        published=published,
        updated=updated,
        categories=categories,
    )


def markdown(markup: str) -> str:
    """What a body becomes."""
    return to_markdown(sanitise(markup, BASE))


def letters(markup: str) -> str:
    """What well-formed HTML says, without whitespace."""
    return re.sub(r"[\s\u200b]+", "", markup_text(markup))


def targets(markup: str) -> list[str]:
    """The links and image sources of well-formed HTML, in order."""
    return [html.unescape(target) for target in re.findall(r'(?:href|src)="([^"]*)"', markup)]


def live_parts(markdown: str) -> list[str]:
    """What of the Markdown is HTML rather than text, and links that are no web or mail links."""
    tokens = list(_all(COMMONMARK.parse(markdown)))
    live = [token.content for token in tokens if token.type in ("html_block", "html_inline")]
    links = [str(token.attrs.get("href") or token.attrs.get("src") or "") for token in tokens]
    return live + [link for link in links if link and not re.match("https?://|mailto:", link, re.IGNORECASE)]


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or ())
