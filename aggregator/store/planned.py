"""The values of planning: what is known before, and what is to be written after."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from aggregator.model import Draft, Dropped, FeedId, RecordId

Story = RecordId | str  # a record's id, or the match key of a new one


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record as far as planning needs it."""

    id: RecordId
    slug: str
    feed_id: FeedId  # whose content it holds
    guid_hash: bytes  # and of which entry there
    revision: int
    content_hash: bytes
    title: str
    body_md: str
    source: str  # its canonical_source
    published_at: datetime | None
    edited_at: datetime | None  # as the feed stated it
    enclosure: str | None  # the first one's URL
    churn: int  # lines that no newer date of an edit called for
    retracted: bool
    pinned: Literal["guid", "link"] | None  # a person said that it is a story of its own, and what tells which is


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """An entry of the feed's document as last read."""

    guid_hash: bytes
    guid: str | None
    link: str | None
    record: RecordId
    elsewhere: bool  # other feeds carry the story too


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows of the stories in a digest. A record that was merged counts as the one it went into."""

    by_guid: Mapping[bytes, RecordId] = field(default_factory=dict)
    links: Mapping[bytes, str | None] = field(default_factory=dict)  # that those guids were last seen with
    by_key: Mapping[str, RecordId] = field(default_factory=dict)
    kept: Mapping[RecordId, Kept] = field(default_factory=dict)
    slugs: frozenset[str] = frozenset()  # those of the wished-for slugs that are taken
    window: tuple[Glimpse, ...] = ()  # of the document as last read; those that planning can need are in ``kept``
    first: bool = False  # no document of the feed was read before
    buried: frozenset[bytes] = frozenset()  # entries of the feed that are no records any more, or never were
    buried_keys: frozenset[str] = frozenset()  # stories that were pruned


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    """A story never seen before."""

    draft: Draft
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatedRecord:
    """A story whose content changed."""

    draft: Draft
    kept: Kept
    churn: int  # from now on


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchedRecord:
    """A story of which only what no reader notices changed: no revision, no line."""

    draft: Draft
    kept: Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two records that turned out to be one story."""

    gone: Kept
    into: Kept
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """That the feed carries a story, and what told so where it was not the entry's guid."""

    draft: Draft
    record: Story
    reason: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A match key that leads to a record besides the record's own."""

    match_key: str
    record: Story
    reason: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that one digest changes."""

    new: tuple[NewRecord, ...] = ()
    updated: tuple[UpdatedRecord, ...] = ()
    touched: tuple[TouchedRecord, ...] = ()
    merged: tuple[Merge, ...] = ()
    retracted: tuple[Kept, ...] = ()
    seen: tuple[Seen, ...] = ()
    aliases: tuple[Alias, ...] = ()
    seen_again: tuple[bytes, ...] = ()  # guid hashes of entries that did not change
    reused: tuple[bytes, ...] = ()  # guid hashes that tell of another story now: the old sighting gives its own up
    distrusted: bool = False  # guids changed all at once, or told of other stories (ID-08, ID-12, ID-13)
    backfill: bool = False  # the new stories are a feed's past (DD-15)
    dropped: tuple[Dropped, ...] = ()  # entries that a rule keeps out; a record that one gave before stays as it is
    buried: tuple[Draft, ...] = ()  # entries of stories that were pruned: they do not come back (ID-23)
    replay_of: datetime | None = None  # when what is read here again was read first

    @property
    def lines(self) -> int:
        """How many lines it adds to the change log."""
        return len(self.new) + len(self.updated) + len(self.merged) + len(self.retracted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What writing a plan came to."""

    new: int = 0
    updated: int = 0
    merged: int = 0
    retracted: int = 0
    dropped: int = 0
    delay: timedelta | None = None  # from publication to now, of the new stories the middle one; not of a feed's past
