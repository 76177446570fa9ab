"""Documents for the tests of this room."""

from datetime import UTC, datetime
from pathlib import Path

from aggregator.model import Entry, ParsedFeed, Unreadable
from aggregator.parse import parse

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
URL = "https://feed.example/blog/feed.xml"
CORPUS = Path(__file__).parents[2] / "../shared/corpus"
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom"'
)


def rss(*items: str, channel: str = "<title>Site</title><link>https://site.example/</link>") -> bytes:
    """Return an RSS 2.0 document."""
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?>\n<rss version="2.0" {NAMESPACES}><channel>{channel}{inner}</channel></rss>'.encode()


def atom(*entries: str, feed: str = "<title>Site</title>", attributes: str = "") -> bytes:
    """Return an Atom 1.0 document."""
    inner = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{feed}{inner}</feed>'.encode()


def read(body: bytes, *, content_type: str | None = None, max_entries: int = 1000) -> ParsedFeed:
    """Return the feed that a document must hold."""
    parsed = parse(body, url=URL, content_type=content_type, now=NOW, max_entries=max_entries)
    assert isinstance(parsed, ParsedFeed), parsed
    return parsed


def refused(body: bytes) -> Unreadable:
    """Return why a document holds no feed."""
    parsed = parse(body, url=URL, content_type=None, now=NOW)
    assert isinstance(parsed, Unreadable), parsed
    return parsed


def entry(body: bytes) -> Entry:
    """Return the only entry of a document."""
    (only,) = read(body).entries
    return only
