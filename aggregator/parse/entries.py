"""One item as feedparser gives it, into an Entry."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from aggregator.model import Content, Enclosure, Entry
from aggregator.parse.dates import Dates, read_dates
from aggregator.parse.guids import Guids
from aggregator.parse.limits import AUTHORS, CATEGORIES, ENCLOSURES, TEXT, TITLE, Cut, label
from aggregator.parse.titles import decoded
from aggregator.url.check import web_url

Item = Mapping[str, Any]

_HTML_TYPES = ("text/html", "application/xhtml+xml")
_MAIL_AND_NAME = re.compile(r"[^\s@()<>]+@[^\s@()<>]+\s*\(([^()]+)\)")  # as RSS 2.0 wants authors


def to_entry(item: Item, *, atom: bool, home: str, guids: Guids, now: datetime) -> Entry:
    """Return the entry. ``home`` is what relative links resolve against where no xml:base says otherwise (UR-34)."""
    cut = Cut()
    stated = _base(item)
    base = (web_url(stated, home) if stated else None) or home
    guid = cut.guid(guids.raw(item.get("id") or "", stated))
    title = _content(item.get("title_detail"), home, cut, "title", TITLE)
    summary, content = _texts(item, home, cut, atom=atom)
    files = list(_files(item, base))
    dates = entry_dates(item, atom=atom, now=now)
    return Entry(
        guid=guid,
        guid_is_permalink=_is_permalink(guid, guids, url_only=atom),
        link=_link(item, base),
        title=decoded(title) if title else None,
        summary=summary,
        content=content,
        published=dates.published,
        updated=dates.updated,
        published_raw=dates.published_raw,
        date_flags=dates.flags,
        authors=cut.names("authors", _authors(item), AUTHORS),
        categories=cut.names("categories", _categories(item), CATEGORIES),
        enclosures=cut.most("enclosures", files, ENCLOSURES),
        image=_image(item, base, files),
        language=_language(item),
        source_url=_source(item.get("source"), base),
        truncated=cut.fields,
    )


def entry_dates(item: Item, *, atom: bool, now: datetime) -> Dates:
    """Return when the item was published and updated.

    Outside Atom a lone dc:date is the date of publication (RSS 1.0); an Atom entry that has only ``updated`` has no
    date of publication (DT-26).
    """
    published, updated = item.get("published") or item.get("created"), item.get("updated")
    if not published and not atom:
        published, updated = updated, None
    return read_dates(published, updated, now=now)


def _base(item: Item) -> str:
    """The item's xml:base, which feedparser notes with its texts; "" where it has none."""
    details = (item.get("title_detail"), item.get("summary_detail"), *item.get("content", ()))
    return next((detail["base"] for detail in details if detail and detail.get("base")), "")


def _content(detail: Item | None, home: str, cut: Cut, field: str, cap: int) -> Content | None:
    value = cut.text(field, detail.get("value") or "", cap) if detail else ""
    if not detail or not value:
        return None
    return Content(
        value=value,
        html=detail.get("type") in _HTML_TYPES,
        base=(web_url(detail["base"], home) if detail.get("base") else None) or home,
        language=label(detail.get("language")),
    )


def _texts(item: Item, home: str, cut: Cut, *, atom: bool) -> tuple[Content | None, Content | None]:
    """Return summary and content: the longest content, HTML before plain text; the summary only where it differs."""
    summary = _content(item.get("summary_detail"), home, cut, "summary", TEXT)
    details = [detail for detail in item.get("content", ()) if _is_text(detail.get("type") or "")]
    detail = max(details, key=lambda each: (each["type"] in _HTML_TYPES, len(each.get("value") or "")), default=None)
    content = _content(detail, home, cut, "content", TEXT)
    if not (summary and content):
        return summary, content
    if summary.value == content.value:
        return None, content
    # feedparser calls a second description content: itunes:summary, or the caption in media:description.
    if not atom and len(content.value) < len(summary.value):
        return summary, None
    return summary, content


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind in _HTML_TYPES


def _is_permalink(guid: str | None, guids: Guids, *, url_only: bool) -> bool:
    if guid is None or guid in guids.no_permalinks:
        return False
    return web_url(guid) is not None if url_only else True


def _link(item: Item, base: str) -> str | None:
    """The source behind a proxy first (ID-19), then what feedparser prefers (ID-18), then any alternate."""
    links = item.get("links", ())
    published = [link["href"] for link in links if link.get("href") and link.get("rel") == "alternate"]
    preferred = item.get("link")
    # Without a link feedparser takes the guid for one; that is for others to decide.
    choices = [item.get("feedburner_origlink"), preferred if preferred in published else None, *published]
    return next((url for each in choices if each and each.strip() and (url := web_url(each, base))), None)


def _authors(item: Item) -> Iterator[str]:
    authors = item.get("authors", ())
    written = item.get("author") or ""
    # feedparser mistakes addresses under longer top-level domains for part of the name.
    if len(authors) < 2 and (named := _MAIL_AND_NAME.fullmatch(written)):
        yield named[1]
        return
    for author in authors:
        yield author.get("name") or author.get("email") or ""
    if not any(authors):
        yield written


def _categories(item: Item) -> Iterator[str]:
    for tag in item.get("tags", ()):
        yield tag.get("label") or tag.get("term") or ""


def _files(item: Item, base: str) -> Iterator[Enclosure]:
    """Enclosures and media:content, each address once."""
    seen = set()
    enclosures = [link for link in item.get("links", ()) if link.get("rel") == "enclosure"]
    for file in (*enclosures, *item.get("media_content", ())):
        address = file.get("href") or file.get("url") or ""
        url = web_url(address, base) if address.strip() else None
        if url and url not in seen:
            seen.add(url)
            yield Enclosure(url=url, type=label(file.get("type")), length=_length(file))


def _length(file: Item) -> int | None:
    length = file.get("length") or file.get("filesize") or ""
    return int(length) if length.isascii() and length.isdigit() and 0 < len(length) < 19 else None


def _image(item: Item, base: str, files: list[Enclosure]) -> str | None:
    named = [
        *(thumbnail.get("url") for thumbnail in item.get("media_thumbnail", ())),
        *(media.get("url") for media in item.get("media_content", ()) if media.get("medium") == "image"),
        item["image"].get("href") if isinstance(item.get("image"), Mapping) else None,
        *(file.url for file in files if (file.type or "").startswith("image/")),
    ]
    return next((url for each in named if each and each.strip() and (url := web_url(each, base))), None)


def _language(item: Item) -> str | None:
    details = (*item.get("content", ()), item.get("summary_detail"), item.get("title_detail"))
    stated = (item.get("language"), *(detail.get("language") for detail in details if detail))
    return next((language for each in stated if (language := label(each))), None)


def _source(source: Item | None, base: str) -> str | None:
    named = (source.get("href"), source.get("link"), source.get("id")) if source else ()
    return next((url for each in named if each and each.strip() and (url := web_url(each, base))), None)
