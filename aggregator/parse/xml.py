"""RSS, RDF and Atom by the fast path where it is sure, else through its reference, feedparser; sitemaps by lxml."""

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.sax import SAXParseException

import feedparser

from aggregator.model import ParsedFeed, Unreadable
from aggregator.parse.document import Document, read_document
from aggregator.parse.entries import Item, entry_dates, to_entry
from aggregator.parse.guids import find_guids
from aggregator.parse.hints import read_hints
from aggregator.parse.limits import HUBS, TITLE, label, newest
from aggregator.parse.repair import with_sound_references
from aggregator.parse.shape import shaped
from aggregator.parse.sitemap import is_sitemap, read_sitemap
from aggregator.parse.strict import read_strictly
from aggregator.text.plain import clean_text, one_line, plain_text
from aggregator.url.check import web_url

_DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"
_HEADERS = {"content-type": "application/xml; charset=utf-8"}
# Its loose parser meets what no test of its own has; nothing of ours runs inside it.
_FEEDPARSER_BUGS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def read_xml(text: str, *, url: str, now: datetime, max_entries: int) -> ParsedFeed | Unreadable:
    """Return the feed that an XML document holds, or why it holds none. Never raises for anything in the text."""
    document = read_document(text)
    if isinstance(document, Unreadable):
        return document
    if is_sitemap(document):
        return read_sitemap(document, url=url, now=now, max_entries=max_entries)
    try:
        result = _parsed(document)
    except _FEEDPARSER_BUGS as error:
        return Unreadable(kind="malformed", message=f"feedparser gave up on the document: {type(error).__name__}")
    items: list[Item] = [shaped(entry) for entry in result["entries"]]
    if document.cut_entry:
        items = items[:-1]
    if not items and (document.cut_short or not result["version"]):
        return _refused(document, result)
    return _feed(result, items, document, url=url, now=now, max_entries=max_entries)


def _parsed(document: Document) -> Mapping[str, Any]:
    """What feedparser makes of it, mended where it is not well-formed; the flaw is remembered all the same."""
    strictly = strictly_parsed(document)
    if strictly is not None:
        return strictly
    result = _feedparser(document.doctype, document.text)
    mended = with_sound_references(document.text) if result["bozo"] else document.text
    if mended == document.text:
        return result
    return {**_feedparser(document.doctype, mended), "bozo": True, "bozo_exception": result["bozo_exception"]}


def strictly_parsed(document: Document) -> Mapping[str, Any] | None:
    """What the fast path makes of it; None where it declines."""
    strictly = None if document.cut_short else read_strictly(document.text)
    # All that feedparser takes from a DOCTYPE is which 0.91 it is (``replace_doctype``).
    return {**strictly, "version": "rss091n"} if strictly and document.doctype else strictly


def _feedparser(doctype: str, text: str) -> Mapping[str, Any]:
    """Without a Content-Location nothing is resolved but against xml:base, so links and guids arrive raw (ID-02)."""
    body = io.BytesIO((_DECLARATION + doctype + text).encode())
    return dict(feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False, response_headers=_HEADERS))


def _refused(document: Document, result: Mapping[str, Any]) -> Unreadable:
    if document.cut_short and result["version"]:
        return Unreadable(kind="malformed", message="the document is cut short before the end of its first entry")
    message = f"the document is XML, but no feed: its root element is <{document.root[:40]}>"
    return Unreadable(kind="not-a-feed", message=message)


def _feed(
    result: Mapping[str, Any], items: list[Item], document: Document, *, url: str, now: datetime, max_entries: int
) -> ParsedFeed:
    feed: Item = shaped(result["feed"])
    version = result["version"]
    atom = version.startswith("atom")
    link = feed.get("link")
    home = web_url(link, url) if link and link.strip() else None
    guids = find_guids(document.text)
    links = feed.get("links", ())
    kept = newest(items, max_entries, lambda item: entry_dates(item, atom=atom, now=now).newest)
    return ParsedFeed(
        format=version or "xml",
        title=_title(feed.get("title_detail")),
        link=home,
        language=label(feed.get("language")),
        hints=read_hints(feed, document.text),
        entries=tuple(to_entry(item, atom=atom, home=home or url, guids=guids, now=now) for item in kept),
        older=_older(links, url),
        left_out=len(items) - len(kept),
        flaw=document.flaw or _flaw(result),
        hubs=tuple(_named(links, "hub", url))[:HUBS],
        topic=next(_named(links, "self", url), None),
    )


def _older(links: Iterable[Item], url: str) -> str | None:
    """The archive of the document (RFC 5005, section 4), or else its next page (section 3)."""
    named = {link.get("rel"): link.get("href") for link in links}
    href = named.get("prev-archive") or named.get("next")
    return web_url(href, url) if href and href.strip() else None


def _named(links: Iterable[Item], rel: str, url: str) -> Iterator[str]:
    """What the feed links to as that."""
    for link in links:
        href = link.get("href") if link.get("rel") == rel else None
        if href and href.strip() and (address := web_url(href, url)):
            yield address


def _title(detail: Item | None) -> str | None:
    if not detail:
        return None
    value = detail["value"][:TITLE]
    return one_line(plain_text(value) if detail.get("type") == "text/html" else value) or None


def _flaw(result: Mapping[str, Any]) -> str | None:
    """What feedparser stumbled over; never a reason to drop an entry (XM-23)."""
    error = result.get("bozo_exception") if result["bozo"] else None
    if error is None:
        return None
    message = error.getMessage() if isinstance(error, SAXParseException) else type(error).__name__
    return f"not well-formed: {clean_text(str(message))[:200]}"
