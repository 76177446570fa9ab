"""From an entry to a record: what it is, what it says, what was found out about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aggregator.model.document import Part
from aggregator.model.feed import FeedHints


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What tells one entry from all others."""

    guid: str | None  # the raw guid where it can be trusted to identify
    guid_hash: bytes  # of the guid, or of the match key where there is none; 16 bytes, unique within the feed
    match_key: str  # equality of stories across feeds
    canonical_source: str
    link: str | None  # as published, made absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An entry's clean content."""

    title: str  # plain text, one line
    body_md: str  # CommonMark with nothing live in it
    text: str  # the body as plain text, boilerplate gone, paragraphs separated by a blank line
    summary: str  # the feed's own summary as plain text; "" where it has none
    boilerplate: Mapping[str, int] = field(default_factory=dict)  # what was taken out, by the name of its rule
    flags: tuple[str, ...] = ()  # what it has that readers do not see: "hidden_text", "zero_width", …


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment:
    """What was found out about an article."""

    lang: str | None
    summary: str
    topics: tuple[str, ...]
    entities: tuple[str, ...]
    kinds: Mapping[str, str] = field(default_factory=dict)  # entity -> "person", "organisation", "place", "product"
    provenance: Mapping[str, str] = field(default_factory=dict)  # field -> who said so: "feed", "rules/1", "model/2", …


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomEnricher:
    """A function of the operator's own."""

    name: str
    call: str  # "package.module:function"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A spaCy pipeline that the operator has installed."""

    name: str
    version: str
    lang: str  # as spaCy has it: "xx" is for all
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class EnricherFailure:
    """That one of them failed, how often in a document, and how the first time."""

    name: str
    times: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A record that has no slug yet: whether its story is known is for the store to say."""

    identity: Identity
    entry_hash: bytes  # 16 bytes over what the feed stated; equal means nothing to do
    content_hash: bytes  # 16 bytes over what a reader would notice; equal means no new revision (DD-03)
    slug: str  # wished for
    slug_unique: str  # to fall back on when another story has it: the same with a short hash
    title: str
    summary: str
    body_md: str
    published_at: datetime | None
    lang: str | None
    topics: tuple[str, ...]
    entities: tuple[str, ...]
    details: Mapping[str, object]  # JSON-ready: what the record does not show
    edited_at: datetime | None = None  # as the feed states it, where that can be true
    lacks_page: bool = False  # its page could not be read for now: a body that one gave before is better
    signature: bytes | None = None  # 64 bytes, by which near copies of the text are found; None: not looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """An entry that a rule keeps out."""

    identity: Identity
    entry_hash: bytes  # as a draft's: what is remembered costs nothing again


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Everything one document gave."""

    format: str
    title: str | None
    language: str | None
    hints: FeedHints
    drafts: tuple[Draft, ...]  # new or changed entries, in document order
    known: tuple[Identity, ...]  # entries whose hash was known: seen again, nothing to do
    link_identity: bool  # its guids do not tell entries apart (ID-08)
    dates: tuple[datetime, ...] = ()  # when its entries were published, newest first, as far as they say
    expected: int = 0  # entries that the document held when it was last read
    met: int = 0  # how many of those it still holds
    older: str | None = None  # the document that continues this one with older entries (RFC 5005)
    filled: int = 0  # entries that came from such documents
    healed: bool = False  # and they reach back to one that was known
    left_out: int = 0
    flaw: str | None = None
    parts: tuple[Part, ...] = ()  # documents to read with this one; empty once they are
    chronological: bool = False  # whole, every entry dated, and in the order of the dates
    dropped: tuple[Dropped, ...] = ()  # new or changed entries that a rule keeps out
    hubs: tuple[str, ...] = ()  # as in ParsedFeed
    topic: str | None = None
    pages: tuple[str, ...] = ()  # web pages to read with this document, what matters most first; empty once they are
    pages_read: int = 0  # of those: articles that came from there
    pages_missed: int = 0
    pages_waiting: int = 0  # of those missed: to be asked for at the next poll
    failures: tuple[EnricherFailure, ...] = ()  # of enrichers of the operator's own

    @property
    def identities(self) -> Iterator[Identity]:
        """All entries that the document has."""
        yield from self.known
        yield from (dropped.identity for dropped in self.dropped)
        yield from (draft.identity for draft in self.drafts)

    @property
    def pages_told(self) -> Mapping[str, int]:
        """How many pages were read and missed; nothing where none was wanted."""
        if not (self.pages_read or self.pages_missed):
            return {}
        return {"pages": self.pages_read, "pages_missed": self.pages_missed}
