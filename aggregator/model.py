"""The nouns: every value that travels between rooms. Frozen, picklable, and free of behaviour.

*feed*: a subscription and its polling state. *entry*: one item as the feed stated it. *article*: an entry's clean
content. *draft*: a record that has no slug yet. *record*: one story as we keep it. *sighting*: that a feed carried a
record. *outcome*: what one poll decided. *change*: one line of the change log.

Every ``datetime`` here is aware and in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NewType

FeedId = NewType("FeedId", int)
RecordId = NewType("RecordId", int)
Seq = NewType("Seq", int)

FeedState = Literal["new", "ok", "slow-down", "failing", "gone", "disabled", "not-a-feed"]
FailureKind = Literal[
    "dns",
    "connect",
    "tls",
    "timeout",
    "blocked",  # the address guard refused
    "protocol",  # the peer does not speak HTTP as it should
    "redirect",  # a loop, too many hops, or a target that may not be followed
    "status",  # an answer that is no success
    "too-large",
    "decode",  # Content-Encoding that lies or is cut short
    "empty",
    "not-a-feed",
    "malformed",
    "parse-timeout",
    "parse-crashed",
    "bug",
]
ChangeKind = Literal["new", "updated", "merged", "retracted", "gap", "health"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedConfig:
    """One feed as the operator configured it."""

    url: str
    name: str | None = None
    tags: tuple[str, ...] = ()
    interval: timedelta | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask "has it changed?" with, byte for byte (CR-02…07), and the URL it was said of."""

    etag: bytes | None = None
    last_modified: bytes | None = None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A subscription and its polling state, as the store keeps it."""

    id: FeedId
    url: str  # as configured: the feed's identity
    fetch_url: str  # as adopted after permanent redirects
    name: str | None
    tags: tuple[str, ...]
    interval: timedelta | None
    origin: str  # host[:port] that answers for politeness
    state: FeedState
    reason: str | None  # why it is in that state, for people
    title: str | None  # what the feed calls itself
    language: str | None
    validators: Validators | None
    body_hash: bytes | None
    identity: Literal["guid", "link"]  # what tells its entries apart; sticky (ID-08)
    failures: float
    last_poll_at: datetime | None
    last_ok_at: datetime | None
    next_poll_at: datetime
    retry_after_at: datetime | None
    digested_at: datetime | None  # when its document was last read: marks the sightings of the current window
    poll_token: str | None = None  # who may commit the poll now under way


# --- fetch ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A 2xx answer with a body, decoded from its Content-Encoding."""

    url: str  # where the body came from, after redirects
    permanent_url: str | None  # the last URL reached over permanent redirects only (ST-11); None when there was none
    status: int
    body: bytes
    headers: Mapping[str, str]  # lower-case names, latin-1 values, last one wins
    validators: Validators | None  # None: the server gave none, forget the old ones (CR-14)
    retry_after: timedelta | None
    wire_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """A 304 to a request that carried validators."""

    url: str
    permanent_url: str | None
    headers: Mapping[str, str]
    validators: Validators  # the stored ones with what this answer replaced (CR-12, CR-13)
    retry_after: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Anything else that a server or network did. A value, never an exception."""

    kind: FailureKind
    message: str  # for people; holds no credentials and no part of the body
    url: str
    status: int | None = None
    retry_after: timedelta | None = None


FetchResult = Fetched | NotModified | Failed

# --- parse ---------------------------------------------------------------------------------------------------------


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
class FeedHints:
    """What a document says about when to come back. Raw numbers; the schedule decides what they are worth."""

    ttl: timedelta | None = None
    update_period: timedelta | None = None  # sy:updatePeriod / sy:updateFrequency
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()  # Monday is 0


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
    left_out: int = 0  # entries beyond the cap (DD-14)
    flaw: str | None = None  # why it is not well-formed, where it is not (XM-23)
    parts: tuple[Part, ...] = ()  # where its entries are, when not here; what is worth asking for first


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A document that gives no feed, and why."""

    kind: FailureKind
    message: str


# --- digest --------------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment:
    """What was found out about an article."""

    lang: str | None
    summary: str
    topics: tuple[str, ...]
    entities: tuple[str, ...]
    provenance: Mapping[str, str] = field(default_factory=dict)  # field -> who said so: "feed", "lead", "detector", …


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
    left_out: int = 0
    flaw: str | None = None
    parts: tuple[Part, ...] = ()  # documents to read with this one; empty once they are


# --- store and publish ---------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the change log. ``record`` is the record as that revision had it."""

    seq: Seq
    kind: ChangeKind
    at: datetime
    revision: int | None
    record: Record | None


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
