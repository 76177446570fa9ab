"""What every store promises to those who show records to people. Part of ``aggregator.store.contract``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from aggregator.model import FeedConfig, FeedId, Habit, Record

ShelfKind = Literal["all", "topic", "entity", "source", "lang"]
LabelKind = Literal["topic", "entity", "source", "lang"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A list of stories: all of them, or those with one label. The label of a source is the feed's number."""

    kind: ShelfKind = "all"
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a list a story stands: by when it was told, and among those of one second by its number."""

    told: int  # seconds since 1970
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed as it is shown to everybody: its URL may hold credentials, and is not here."""

    id: FeedId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """A story as lists show it."""

    place: Place
    slug: str
    title: str
    summary: str
    told_at: datetime  # when it was published, but not later than when it was first seen
    lang: str | None
    topics: tuple[str, ...]
    canonical_source: str
    source: Source
    feeds: int  # that carry it


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a rendering of a story depends on: the same mark, the same bytes."""

    slug: str
    revision: int
    seq: int
    sightings: int
    relatives: str  # another one where those that its page names are others, or say something else
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """The story was merged into the one of this slug."""

    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """There was a story of that slug: its feed took it back at that time, or it was not kept (None)."""

    retracted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A feed that carries a story."""

    source: Source
    link: str | None
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """Another story with nearly the same text, or one of the same event."""

    slug: str
    title: str
    lang: str | None
    source: Source
    is_copy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A record with what is known beside it."""

    record: Record
    source: Source
    first_seen_at: datetime
    sightings: tuple[Seen, ...]  # the first one of each feed
    relatives: tuple[Relative, ...]  # copies first


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label, and how many stories have it. ``name`` is for people."""

    kind: LabelKind
    label: str
    name: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What the polls of a feed found on a day (UTC)."""

    day: date
    new: int
    delay: timedelta | None  # from publication to here, on average of the polls; None: nothing tells


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCard:
    """A feed as its own page and the list of feeds show it."""

    source: Source
    position: int  # in the configuration
    url: str  # credentials in it are masked
    site: str  # the host that it is from
    state: str
    reason: str | None
    active: bool
    gap: timedelta | None  # between its latest publications, on average
    last_poll_at: datetime | None
    last_ok_at: datetime | None
    next_poll_at: datetime | None
    records: int
    days: tuple[Day, ...]  # those on which its polls found new stories, less what its first one found
    newest_at: datetime | None = None  # its last publication
    habit: Habit | None = None  # when it publishes, as far as that is known


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCounts:
    """How many feeds are configured, and how many of them fail or are gone."""

    all: int
    failing: int


class Browsing(Protocol):
    """Lists of stories, stories, labels and feeds."""

    def latest(self, shelf: Shelf, *, before: Place | None, limit: int) -> Sequence[Glimpse]:
        """Return the newest stories of a shelf, those before a place of it where one is given.

        Shelves with a label follow the index (``Indexing``), and so a little behind.
        """

    def mark(self, slug: str) -> Mark | Elsewhere | Withdrawn | None:
        """Return the mark of a story, or what became of it; None for a slug that none ever had."""

    def story(self, slug: str) -> Story | None:
        """Return a story that was not merged or retracted."""

    def records(self, places: Sequence[Place]) -> Sequence[Record]:
        """Return the whole records of stories in a list, in its order."""

    def source(self, feed: FeedId) -> Source | None:
        """Return a feed by its number."""

    def labels(self, kind: LabelKind, *, limit: int) -> Sequence[Label]:
        """Return the labels with the most stories."""

    def feeds(self, *, after: int, limit: int, since: datetime, failing: bool = False) -> Sequence[FeedCard]:
        """Return configured feeds after a position, with their days ``since``; those alone that fail or are gone."""

    def feed_counts(self) -> FeedCounts:
        """Return how many feeds are configured."""

    def subscriptions(self) -> Sequence[FeedConfig]:
        """Return all configured feeds as they are configured, less what is sent with their requests."""

    def feed(self, feed: FeedId, *, since: datetime) -> FeedCard | None:
        """Return one of them."""
