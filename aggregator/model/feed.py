"""Subscriptions and their polling state."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NewType

from aggregator.model.habit import Habit
from aggregator.model.page import FullText

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
    options: "RequestOptions | None" = None
    full_text: FullText | None = None  # None: what the feed itself says is enough


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFeed:
    """A feed as the store has it: as the configuration said when it was last taken up, but for what is secret."""

    config: FeedConfig
    fetch_url: str  # as adopted after permanent redirects
    listed: bool  # False: it has left the configuration, and only its history is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOptions:
    """What the operator wants sent with the requests of one feed. Holds secrets: it is shown and stored nowhere."""

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # ASCII, checked when the file was read
    user_agent: str | None = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)  # http://[user:password@]host[:port]
    credentials: tuple[str, str] | None = field(default=None, repr=False)  # user and password


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask "has it changed?" with, byte for byte (CR-02…07), and the URL it was said of."""

    etag: bytes | None = None
    last_modified: bytes | None = None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHints:
    """What a document says about when to come back. Raw numbers; the schedule decides what they are worth."""

    ttl: timedelta | None = None
    update_period: timedelta | None = None  # sy:updatePeriod / sy:updateFrequency
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()  # Monday is 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What a feed's answers so far say about when to come back."""

    hints: FeedHints = FeedHints()  # of the document last read: they hold after a 304 too
    fresh_for: timedelta | None = None  # what the last answer's headers say, and in which of them
    fresh_by: Literal["max-age", "expires"] | None = None
    pace: timedelta | None = None  # the wait that was found worth its price after the last poll
    gap: timedelta | None = None  # between its latest publications, on average
    newest_at: datetime | None = None  # its last publication
    entries: int = 0  # in the document last read
    body_at: datetime | None = None  # when a whole document came last
    in_phase: bool = False  # its polls have been spread from those of other feeds
    habit: Habit | None = None
    price: float | None = None  # of a request, in entry-hours, when the pace was set; None: that was not by its price


@dataclass(frozen=True, slots=True, kw_only=True)
class Setback:
    """What the last poll failed by, and how often in a row it has been just that."""

    kind: FailureKind
    status: int | None
    times: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A permanent redirect that is not yet believed."""

    url: str
    times: int
    since: datetime


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
    rhythm: Rhythm = Rhythm()
    setback: Setback | None = None  # None: the last poll was a success
    move: Move | None = None
    asked: bool = False  # somebody wants the poll now under way
    distrust: int = 0  # how often its guids were found to name nothing for long
    address: str | None = None  # that the host of ``fetch_url`` was last found at
    poll_token: str | None = None  # who may commit the poll now under way
    pushed_until: datetime | None = None  # a hub tells of its news until then


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What was learnt about how often one origin wants to be asked, beyond what is configured."""

    origin: str
    delay: timedelta | None = None  # between two starts; None: as configured
    refused: timedelta | None = None  # the delay at which it last refused
    slowed_at: datetime | None = None  # when the delay was last raised for a refusal
    not_before: datetime | None = None  # when it may be asked again


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A feed that could not be polled when it was due."""

    id: FeedId
    last_ok_at: datetime | None
    median_published: datetime | None  # of the entries in its window; None where they have no dates
