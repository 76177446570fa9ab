"""Documents into entries: bytes to text, a guard before the parsers, feedparser, readers of JSON Feed and sitemaps.

Pure: no network, no clock. Everything that comes out is a value of ``model``.
"""

from datetime import datetime

from aggregator.model import ParsedFeed, Unreadable
from aggregator.parse.charset import decode
from aggregator.parse.json_feed import read_json
from aggregator.parse.packed import unpacked
from aggregator.parse.sniff import binary_kind
from aggregator.parse.xml import read_xml

__all__ = ["parse"]


def parse(
    body: bytes, *, url: str, content_type: str | None, now: datetime, max_entries: int = 1000
) -> ParsedFeed | Unreadable:
    """Return the feed that a document holds, or why it holds none. Raises nothing for any input.

    ``url`` is where the body came from; ``content_type`` gives the charset where it names one (what a feed is, its
    bytes say); ``now`` tells dates in the future. Beyond ``max_entries`` the oldest are left out and counted (DD-14).
    """
    if not body or body.isspace():
        return Unreadable(kind="empty", message="the document is empty")  # ST-31, XM-19
    body = unpacked(body)
    if kind := binary_kind(body):
        return Unreadable(kind="not-a-feed", message=f"the document is {kind}, not a feed")
    text = decode(body, content_type).lstrip()
    if text.startswith(("{", "[")):
        return read_json(text, url=url, now=now, max_entries=max_entries)
    return read_xml(text, url=url, now=now, max_entries=max_entries)
