"""Stories on their way into a feed of our own, whatever its format."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from aggregator.model import Record

# What no IRI holds (RFC 3987) is escaped; all else of a source is left as it is.
_NOT_IN_IRIS = re.compile(r"""[\x00-\x20\x7f-\xa0"<>\\^`{|}\u2028\u2029\ufffd]""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a feed holds: its stories, and what it says of itself."""

    title: str
    description: str
    page_url: str  # of the page with the same stories
    feed_url: str
    site_name: str
    base_url: str
    updated: datetime
    lang: str | None = None
    records: tuple[Record, ...]
    hubs: tuple[str, ...] = ()  # that are told of its changes (WebSub)

    def url_of(self, record: Record) -> str:
        """Return where the site has a story: what the entry is known by for ever."""
        return f"{self.base_url}/news/{record.slug}"

    def link_of(self, record: Record) -> str:
        """Return where an entry leads: to the source; to the site for a story that has no address of its own."""
        if not record.canonical_source.startswith("http"):
            return self.url_of(record)
        return _NOT_IN_IRIS.sub(lambda found: quote(found[0], safe=""), record.canonical_source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Syndication:
    """A format of feeds: a file name's ending, a media type, and a function."""

    suffix: str
    media: str
    name: str
    render: Callable[[Channel], bytes]

    @property
    def content_type(self) -> str:
        """The media type as a header has it: JSON is UTF-8 by itself (RFC 8259, 8.1)."""
        return self.media if self.media.endswith("json") else f"{self.media}; charset=utf-8"
