"""Subscriptions and their polling state."""

from dataclasses import dataclass
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
