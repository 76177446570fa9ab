"""Records, the change log, and what one poll decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from aggregator.model.article import Digest
from aggregator.model.feed import ChangeKind, Feed, FeedId, RecordId, Seq
from aggregator.model.push import Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One story as we keep it: the public fields, less the two URLs that depend on where the site is."""

    id: RecordId
    slug: str
    title: str
    summary: str
    body_md: str
    canonical_source: str
    published_at: datetime | None
    updated_at: datetime
    lang: str | None
    topics: tuple[str, ...]
    entities: tuple[str, ...]


# A record as its row has it, in the order of Record less its id: moments as text, lists as JSON. For what is written by
# the hundred thousand, where reading a value only to write it again would be most of the work.
RecordRow = tuple[str, str, str, str, str, str | None, str, str | None, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """How a feed's entry told of a record, as far as it is known now."""

    guid: str | None
    link: str | None
    first_seen: datetime
    published_raw: str | None = None
    date_flags: tuple[str, ...] = ()  # what was guessed of the date


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The feed whose poll made a change."""

    url: str  # as configured: it may hold credentials
    name: str | None
    title: str | None  # what it calls itself


@dataclass(frozen=True, slots=True, kw_only=True)
class NearDuplicate:
    """Another record with nearly the same text."""

    slug: str
    title: str
    likeness: float  # the share of its words' sequences, about: from 0.5 to 1
    feed: Origin  # that gave it


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Records of different feeds that tell of one event."""

    id: str  # the slug of the first of them: it stays, whoever joins or goes
    records: int  # as far as they are known now


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the change log. ``record`` is the record as that revision had it; gap and health have none."""

    seq: Seq
    kind: ChangeKind
    at: datetime
    revision: int | None
    record: Record | None
    detail: Mapping[str, object] | None = None  # JSON-ready: what a gap or a change of health is about
    feed: Origin | None = None
    sighting: Sighting | None = None  # None where another entry has become the record's own since
    # Of the current revision; None for an earlier one.
    flags: tuple[str, ...] | None = None  # what the record has that readers do not see
    provenance: Mapping[str, str] | None = None  # field of the record -> who said so
    entity_kinds: Mapping[str, str] | None = None  # entity of the record -> what it is a name of, where that shows
    custom: Mapping[str, object] | None = None  # JSON-ready: what enrichers of the operator's own found
    near_duplicates: tuple[NearDuplicate, ...] = ()  # as far as they are known now
    cluster: Cluster | None = None  # that the record is in, as far as it is known now


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What an output is about. Several values of one condition are alternatives; an empty one is none."""

    feeds: tuple[str, ...] = ()  # URLs or names
    tags: tuple[str, ...] = ()  # of those feeds
    topics: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()  # "zh" takes in "zh-Hans"
    kinds: tuple[ChangeKind, ...] = ()
    since: datetime | None = None
    until: datetime | None = None  # not included


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some selected changes in order, and between which places of the log they are all."""

    after: Seq
    changes: tuple[Change, ...]
    through: Seq


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """Some selected records, and where to go on: nowhere where there are no more.

    There may be more where none was selected, as only so many are looked through at a time.
    """

    rows: tuple[RecordRow, ...]
    following: Seq | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlace:
    """How far a file of an output is written."""

    path: str
    base: str  # its path without the number of its part
    part: int = 1
    length: int = 0  # bytes
    first_seq: Seq | None = None
    last_seq: Seq | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A line for the change log that is about a feed; JSON-ready."""

    kind: Literal["gap", "health"]
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The earliest poll that is no discourtesy."""

    floor_at: datetime  # by the shortest interval in force
    hint_at: datetime | None = None  # until when the server or the document asked us to stay away
    hint: str | None = None  # by what: "max-age", "ttl", "retry-after", …


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """What one poll decided about its feed; the store writes it together with the entries, or not at all."""

    feed: Feed  # with its new polling state
    digest: Digest | None  # None: nothing new was read
    result: str  # "ok", "not-modified", "unchanged", or a failure kind
    status: int | None
    wire_bytes: int
    started_at: datetime
    finished_at: datetime
    origin_retry_at: datetime | None = None  # Retry-After, for the whole origin (ST-07)
    moved_from: str | None = None  # where it was polled, when it is polled elsewhere from now on
    bounds: Bounds | None = None  # that this poll had to keep; the first one has none
    notices: tuple[Notice, ...] = ()
    raw: bytes | None = None  # what was read, packed; None: it is not kept
    offer: Offer | None = None  # of the document that was read


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPoll:
    """One poll of the past, as an audit sees it."""

    origin: str
    feed: FeedId
    started_at: datetime
    status: int | None
    wire_bytes: int
    asked: bool  # by a person
    bounds: Bounds | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A change that an output could not be given: it waits for another try, or is dead."""

    seq: Seq
    tries: int
    first_try_at: datetime
    next_try_at: datetime
    error: str
    dead_at: datetime | None = None
