"""JSON Feed 1.0 and 1.1, by a reader of our own: feedparser's is unreleased (XM-20)."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from aggregator.model import Content, Enclosure, Entry, FeedHints, ParsedFeed, Unreadable
from aggregator.parse.dates import Dates, read_dates
from aggregator.parse.limits import AUTHORS, CATEGORIES, ENCLOSURES, HUBS, TEXT, TITLE, Cut, label, newest
from aggregator.parse.titles import decoded
from aggregator.text.plain import one_line
from aggregator.url.check import web_url

Item = Mapping[str, Any]

# Numbers stay as they are written: none is too big, and an id that is a number keeps its digits.
_READER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False)
_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1(?:\.(\d))?")


def read_json(text: str, *, url: str, now: datetime, max_entries: int) -> ParsedFeed | Unreadable:
    """Return the feed that a JSON document holds, or why it holds none. Never raises for anything in the text."""
    try:
        feed, end = _READER.raw_decode(text)
    except (ValueError, RecursionError) as error:
        return Unreadable(kind="malformed", message=f"the document is not well-formed JSON: {str(error)[:100]}")
    version = _VERSION.match(_text(feed, "version"))
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not (version or _looks_like_feed(feed)):
        return Unreadable(kind="not-a-feed", message="the document is JSON, but no JSON Feed")
    home = _web(feed, "home_page_url", url)
    found = [item for item in items if isinstance(item, dict)]
    kept = newest(found, max_entries, lambda item: _dates(item, now).newest)
    return ParsedFeed(
        format=f"json1{(version and version[1]) or 0}",
        title=one_line(_text(feed, "title")[:TITLE]) or None,
        link=home,
        language=label(feed.get("language")),
        hints=FeedHints(),
        entries=tuple(_entry(item, home or url, now) for item in kept),
        older=_web(feed, "next_url", url),
        left_out=len(found) - len(kept),
        flaw="something follows the end of the JSON" if text[end:].strip() else None,
        hubs=tuple(_hubs(feed, url))[:HUBS],
        topic=_web(feed, "feed_url", url),
    )


def _entry(item: Item, home: str, now: datetime) -> Entry:
    cut = Cut()
    guid = cut.guid(_text(item, "id"))
    link, external = _web(item, "url", home), _web(item, "external_url", home)
    base = link or home
    title = _content(item, "title", cut, base, TITLE)
    dates = _dates(item, now)
    return Entry(
        guid=guid,
        guid_is_permalink=web_url(guid or "") is not None,
        link=link or external,
        title=decoded(title) if title else None,
        summary=_content(item, "summary", cut, base),
        content=_content(item, "content_html", cut, base) or _content(item, "content_text", cut, base),
        published=dates.published,
        updated=dates.updated,
        published_raw=dates.published_raw,
        date_flags=dates.flags,
        authors=cut.names("authors", _authors(item), AUTHORS),
        categories=cut.names("categories", (tag for tag in _list(item, "tags") if isinstance(tag, str)), CATEGORIES),
        enclosures=cut.most("enclosures", list(_files(item, base)), ENCLOSURES),
        image=_web(item, "image", base) or _web(item, "banner_image", base),
        language=label(item.get("language")),
        source_url=external if link else None,
        truncated=cut.fields,
    )


def _content(item: Item, key: str, cut: Cut, base: str, cap: int = TEXT) -> Content | None:
    field = "content" if key.startswith("content") else key
    value = cut.text(field, _text(item, key), cap)
    return (
        Content(value=value, html=key == "content_html", base=base, language=label(item.get("language")))
        if value
        else None
    )


def _dates(item: Item, now: datetime) -> Dates:
    return read_dates(_text(item, "date_published") or None, _text(item, "date_modified") or None, now=now)


def _authors(item: Item) -> Iterator[str]:
    for author in (*_list(item, "authors"), item.get("author")):
        if isinstance(author, dict):
            yield _text(author, "name") or _text(author, "url")


def _files(item: Item, base: str) -> Iterator[Enclosure]:
    for file in _list(item, "attachments"):
        url = _web(file, "url", base) if isinstance(file, dict) else None
        if url:
            size = _text(file, "size_in_bytes")
            length = int(size) if re.fullmatch(r"[0-9]{1,18}", size) else None
            yield Enclosure(url=url, type=label(file.get("mime_type")), length=length)


def _hubs(feed: Item, url: str) -> Iterator[str]:
    for hub in _list(feed, "hubs"):
        if _text(hub, "type").lower() == "websub" and (address := _web(hub, "url", url)):
            yield address


def _looks_like_feed(feed: Item) -> bool:
    return any(
        isinstance(item, dict) and item.keys() & {"url", "content_html", "content_text"} for item in feed["items"]
    )


def _text(item: object, key: str) -> str:
    value = item.get(key) if isinstance(item, dict) else None
    return value if isinstance(value, str) else ""


def _list(item: Item, key: str) -> list[Any]:
    value = item.get(key)
    return value if isinstance(value, list) else []


def _web(item: object, key: str, base: str) -> str | None:
    address = _text(item, key)
    return web_url(address, base) if address.strip() else None
