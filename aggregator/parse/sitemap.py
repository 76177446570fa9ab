"""Sitemaps as feeds: Google News sitemaps, sitemaps with dates, and indexes of them (sitemaps.org; news 0.9).

News entries have a title, a date, a language and keywords. A plain sitemap has addresses and dates of change only: its
entries have no title (normalize makes one of the address), no text and no date of publication. Where a document has
both kinds, only the news is read; pages that have neither are none.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from lxml import etree

from aggregator.model import Content, Entry, FeedHints, ParsedFeed, Part, Unreadable
from aggregator.parse.dates import Dates, read_dates
from aggregator.parse.document import Document
from aggregator.parse.limits import CATEGORIES, TITLE, Cut, label, newest
from aggregator.parse.repair import with_sound_references
from aggregator.parse.titles import decoded
from aggregator.text.plain import clean_text, one_line
from aggregator.url.check import web_url
from aggregator.url.origin import origin

Row = Mapping[str, str]  # "parent/child" -> text

NEWS, PAGES, INDEX = "sitemap-news", "sitemap", "sitemap-index"

_ROWS = {"urlset": "url", "sitemapindex": "sitemap"}
_ROW_END = re.compile(r"</(?:[\w.-]+:)?(?:url|sitemap)\s*>", re.IGNORECASE)
_NEWS_NAMESPACE = "google.com/schemas/sitemap-news/"
_MOST_PARTS = 5


def is_sitemap(document: Document) -> bool:
    """Tell whether a document is a sitemap or an index of them."""
    return _kind(document) in _ROWS


def read_sitemap(document: Document, *, url: str, now: datetime, max_entries: int) -> ParsedFeed | Unreadable:
    """Return the feed that a sitemap is; that of an index has parts: those of its origin, news and newest first, five.

    Unreadable for a sitemap whose pages have neither news nor dates. Never raises for anything in the text.
    """
    rows, flaw = _read(document)
    if _kind(document) == "sitemapindex":
        parts = _parts(rows, url, now)
        if not parts:
            return _refused(document, "sitemaps of its own host")
        return _feed(INDEX, (), url=url, flaw=flaw, parts=parts)
    news = [row for row in rows if row.get("news/title")]
    found = news or [row for row in rows if row.get("url/lastmod")]
    for_news = bool(news) or _NEWS_NAMESPACE in document.text[:4096]
    if not found and (rows or not for_news or document.cut_short):
        return _refused(document, "pages with news or dates")
    kept = newest(found, max_entries, lambda row: _dates(row, now).newest)
    return _feed(
        NEWS if news or not found else PAGES,
        tuple(_entry(row, url, now) for row in kept),
        url=url,
        title=next((name for row in news if (name := one_line(row.get("publication/name", "")[:TITLE]))), None),
        left_out=len(found) - len(kept),
        flaw=flaw,
    )


def _kind(document: Document) -> str:
    return document.root.rpartition(":")[2].lower()


def _refused(document: Document, lacks: str) -> Unreadable:
    if document.cut_short:
        return Unreadable(kind="malformed", message="the document is cut short before the end of its first entry")
    message = f"the document is a sitemap (<{document.root[:40]}>) without {lacks}"
    return Unreadable(kind="not-a-feed", message=message)


def _feed(
    kind: str,
    entries: tuple[Entry, ...],
    *,
    url: str,
    title: str | None = None,
    left_out: int = 0,
    flaw: str | None = None,
    parts: tuple[Part, ...] = (),
) -> ParsedFeed:
    return ParsedFeed(
        format=kind,
        title=title,
        link=web_url("/", url),
        language=None,
        hints=FeedHints(),
        entries=entries,
        left_out=left_out,
        flaw=flaw,
        parts=parts,
    )


def _read(document: Document) -> tuple[list[Row], str | None]:
    """Return the rows that have an address, and what is not well-formed."""
    text = document.text
    if document.cut_short:
        text = text[: max((match.end() for match in _ROW_END.finditer(text)), default=0)] or f"<{document.root}/>"
    name = _ROWS[_kind(document)]
    body = io.BytesIO(with_sound_references(text).encode())
    reader = etree.iterparse(
        body, tag=f"{{*}}{name}", recover=True, resolve_entities=False, no_network=True, huge_tree=False
    )
    rows: list[Row] = []
    try:
        rows.extend(row for row in _rows(reader) if row.get(f"{name}/loc"))
    except etree.LxmlError as error:
        return rows, document.flaw or _flaw(str(error))
    flaw = next((_flaw(problem.message) for problem in reader.error_log), None)
    return rows, document.flaw or flaw


def _flaw(message: str) -> str:
    return f"not well-formed: {clean_text(message)[:200]}"


def _rows(reader: "etree.iterparse") -> Iterator[Row]:
    for _, element in reader:
        row: dict[str, str] = {}
        for part in element.iterdescendants("*"):
            row.setdefault(f"{_local(part.getparent())}/{_local(part)}", (part.text or "").strip())
        element.clear()
        while element.getprevious() is not None:  # or the tree of all rows would stay
            del element.getparent()[0]
        yield row


def _local(element: "etree._Element") -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _parts(rows: Sequence[Row], url: str, now: datetime) -> tuple[Part, ...]:
    """News first, for it holds what is newest by definition; then by date."""
    parts = []
    for row in rows:
        address = web_url(row["sitemap/loc"], url)
        if address and _origin(address) == _origin(url):
            parts.append(Part(url=address, changed=read_dates(None, row.get("sitemap/lastmod"), now=now).updated))
    parts.sort(key=lambda part: part.changed.timestamp() if part.changed else 0.0, reverse=True)
    parts.sort(key=lambda part: "news" not in part.url.lower())
    return tuple({part.url: part for part in parts}.values())[:_MOST_PARTS]


def _origin(url: str) -> str | None:
    try:
        return origin(url)
    except ValueError:
        return None


def _dates(row: Row, now: datetime) -> Dates:
    return read_dates(row.get("news/publication_date") or None, row.get("url/lastmod") or None, now=now)


def _entry(row: Row, url: str, now: datetime) -> Entry:
    cut = Cut()
    link = web_url(row["url/loc"], url)
    title = cut.text("title", row.get("news/title", ""), TITLE)
    language = label(row.get("publication/language") or row.get("news/language"))
    dates = _dates(row, now)
    keywords = row.get("news/keywords", "").split(",")
    return Entry(
        guid=None,
        guid_is_permalink=False,
        link=link,
        title=decoded(Content(value=title, html=False, base=link or url, language=language)) if title else None,
        published=dates.published,
        updated=dates.updated,
        published_raw=dates.published_raw,
        date_flags=dates.flags,
        categories=cut.names("categories", keywords, CATEGORIES),
        image=web_url(image, url) if (image := row.get("image/loc", "")) else None,
        language=language,
        truncated=cut.fields,
    )
