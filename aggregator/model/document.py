"""A document as read: the feed, and its entries as the feed stated them."""

from dataclasses import dataclass
from datetime import datetime

from aggregator.model.feed import FailureKind, FeedHints


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A piece of text as the feed typed it, with the base its relative links resolve against."""

    value: str
    html: bool  # False: plain text, markup characters mean themselves
    base: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that an entry carries."""

    url: str
    type: str | None = None
    length: int | None = None  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as the feed stated it: raw guid (ID-02), absolute http(s) links, dates read or None."""

    guid: str | None
    guid_is_permalink: bool  # False when the feed said isPermaLink="false", or for Atom ids that are no URL
    link: str | None
    title: Content | None = None
    summary: Content | None = None
    content: Content | None = None
    published: datetime | None = None
    updated: datetime | None = None
    published_raw: str | None = None
    date_flags: tuple[str, ...] = ()  # what was guessed: "tz_guessed", "future", …
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str | None = None
    language: str | None = None
    source_url: str | None = None  # <source>, atom:source: where the feed had it from (ID-20)
    truncated: tuple[str, ...] = ()  # names of fields cut to their cap (XM-29)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A further document that holds entries of the same feed: a child of a sitemap index."""

    url: str
    changed: datetime | None  # as the feed states it


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A document read."""

    format: str  # "rss20", "atom10", "rss10", "json11", …
    title: str | None
    link: str | None  # the site the feed belongs to
    language: str | None
    hints: FeedHints
    entries: tuple[Entry, ...]
    older: str | None = None  # the document that continues this one with older entries (RFC 5005)
    left_out: int = 0  # entries beyond the cap (DD-14)
    flaw: str | None = None  # why it is not well-formed, where it is not (XM-23)
    parts: tuple[Part, ...] = ()  # where its entries are, when not here; what is worth asking for first
    hubs: tuple[str, ...] = ()  # that tell of its news (WebSub, section 4)
    topic: str | None = None  # the URL that it calls its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A document that gives no feed, and why."""

    kind: FailureKind
    message: str
