"""What every store promises, whichever database is behind it.

The contract is synchronous. A *unit of work* is one transaction made of small roles; the caller owns it: everything
done inside ``with store.work() as work`` becomes visible together when the block ends, or not at all when it raises.
Async code reaches a store through the one writer thread (``aggregator.store.writer``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from aggregator.model import (
    Batch,
    Change,
    Feed,
    FeedConfig,
    FeedId,
    KnownFeed,
    Notice,
    PollOutcome,
    Selection,
    Seq,
)
from aggregator.store.browsing import Browsing
from aggregator.store.clusters import Clusters
from aggregator.store.copying import Copyable
from aggregator.store.duplicates import Duplicates
from aggregator.store.errors import (
    StaleClaimError,
    StalePlanError,
    StoreBusyError,
    StoreConflictError,
    StoreError,
    StoreLostError,
    StoreUnavailableError,
)
from aggregator.store.index import Indexing, Searching
from aggregator.store.keys import Keys
from aggregator.store.past import Past
from aggregator.store.plan import Applied
from aggregator.store.pushes import Pushes, Subscriptions
from aggregator.store.raw import RawDocuments
from aggregator.store.readers import Consumers, Deliveries
from aggregator.store.records import Records
from aggregator.store.refinements import Refinements
from aggregator.store.reloads import Reloads
from aggregator.store.renewals import Renewals
from aggregator.store.timing import Origins, Recovery, Schedule
from aggregator.store.upkeep import Retention, Upkeep
from aggregator.url.origin import host_origin

__all__ = [
    "Asked",
    "FeedStatus",
    "Feeds",
    "Log",
    "Reader",
    "StaleClaimError",
    "StalePlanError",
    "Store",
    "StoreBusyError",
    "StoreConflictError",
    "StoreError",
    "StoreLostError",
    "StoreUnavailableError",
    "Work",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStatus:
    """One line of ``aggregator status``."""

    url: str
    name: str | None
    active: bool
    state: str
    reason: str | None
    last_poll_at: datetime | None
    last_ok_at: datetime | None
    next_poll_at: datetime
    retry_after_at: datetime | None
    failures: float
    records: int
    gap: timedelta | None = None  # between its latest publications, on average
    newest_at: datetime | None = None  # its last publication
    claimed_until: datetime | None = None  # it is being polled, until then at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of a request to poll: the feeds that will be, and why the others will not."""

    feeds: tuple[FeedId, ...]
    skipped: tuple[tuple[str, str], ...]  # (url, reason)


class Feeds(Protocol):
    """Subscriptions, their polling state, and the schedule: the column ``next_poll_at``."""

    def sync(
        self, feeds: Sequence[FeedConfig], now: datetime, *, origin_of: Callable[[str, str | None], str] = host_origin
    ) -> None:
        """Make the subscriptions those of the configuration; one that left it stops, and keeps its history.

        One that comes back, or is enabled again, is asked again even if it was gone (ST-22). ``origin_of`` names a
        feed's origin by the URL it is fetched from and the address last found there.
        """

    def include(
        self, feed: FeedConfig, now: datetime, *, origin_of: Callable[[str, str | None], str] = host_origin
    ) -> None:
        """Take up one more subscription behind all others, or change what is known of it."""

    def known(self) -> list[KnownFeed]:
        """Return every feed that there ever was, those of the configuration first and in its order."""

    def move(self, url: str, to: str, now: datetime) -> None:
        """Give a feed another URL; validators, history and sightings stay. It is polled there now.

        Unless it was polled there already, as redirects led there. A poll under way at the old URL counts for nothing.
        """

    def claim_due(
        self, now: datetime, *, limit: int, per_origin: int, token: str, lease_until: datetime, asked_only: bool = False
    ) -> list[Feed]:
        """Take up to ``limit`` due feeds, oldest first, at most ``per_origin`` under way an origin (SC-24, SC-25).

        An origin that taught us to be slower has one. One that has to wait for longer than any server may ask for got
        that from a clock which was wrong, and need not wait (SC-28).
        A claim is fenced by ``token`` and lapses at ``lease_until``; until then the feed is not claimed again (SC-30).
        ``asked_only`` leaves out the feeds that nobody asked for.
        """

    def release_claims(self) -> None:
        """Forget every claim; only for the one process that polls, when it starts."""

    def give_back(self, feed: Feed, due: datetime) -> None:
        """End the claim on a feed as if it had not been, but for when it is due. No matter where another has it."""

    def ask(self, urls: Iterable[str] | None, now: datetime, *, recent: datetime, stopped: bool = False) -> Asked:
        """Make feeds (None: all active ones) due now, but none polled after ``recent`` or under Retry-After (SC-05).

        One that is gone or was disabled is left out too, unless ``stopped`` (ST-22).
        """

    def unask(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """Withdraw the requests that have to wait for an origin; return (url, reason) of each."""

    def urls(self, feeds: Sequence[FeedId]) -> list[str]:
        """Return the URLs of those of the feeds that are active."""

    def window(self, feed: Feed) -> Mapping[bytes, bytes]:
        """Return guid hash -> entry hash of the entries in the feed's document as last read."""

    def finish(self, outcome: PollOutcome, applied: Applied) -> None:
        """Write the feed's new state and the poll's line of history.

        Raises StaleClaimError when the feed's claim is not the outcome's any more.
        """

    def statuses(self) -> list[FeedStatus]:
        """Return all configured feeds in the order of the configuration."""

    def forget_polls(self, before: datetime) -> int:
        """Delete the polls that ended before a moment; return how many."""


class Log(Protocol):
    """The change log: append-only, ``seq`` grows in commit order."""

    def after(self, seq: Seq, *, limit: int) -> list[Change]:
        """Return the changes that follow ``seq``, each with its record as that revision had it."""

    def select(self, seq: Seq, selection: Selection, *, limit: int) -> Batch:
        """Return those of the changes after ``seq`` that are selected, looking through so many at least, or 100,000.

        A change is of the feed whose poll made it; topics and languages are those of its revision, so that a change
        without a record has none.
        """

    def last(self) -> Seq:
        """Return the newest seq, 0 where there is none."""

    def before(self, moment: datetime) -> Seq:
        """Return the seq that the first change at or after a moment follows."""

    def note(self, notices: Iterable[Notice], feed: Feed | None, now: datetime) -> None:
        """Append lines, about a feed where there is one."""


class Work(Protocol):
    """One transaction."""

    def apart(self) -> AbstractContextManager[None]:
        """Undo what the block does, and that alone, when it raises. StoreUnavailableError ends the transaction.

        Plans of the block may be written as late as the transaction's end: whoever reads in it sees them all the same.
        Where they turn out to be stale there, it is undone with a StoreConflictError.
        """

    def alone(self) -> None:
        """Let nobody else change records until the transaction ends: what is planned from here on stays true."""

    @property
    def feeds(self) -> Feeds: ...
    @property
    def schedule(self) -> Schedule: ...
    @property
    def origins(self) -> Origins: ...
    @property
    def recovery(self) -> Recovery: ...
    @property
    def records(self) -> Records: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def duplicates(self) -> Duplicates: ...
    @property
    def clusters(self) -> Clusters: ...
    @property
    def log(self) -> Log: ...
    @property
    def consumers(self) -> Consumers: ...
    @property
    def past(self) -> Past: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def refinements(self) -> Refinements: ...
    @property
    def renewals(self) -> Renewals: ...
    @property
    def retention(self) -> Retention: ...
    @property
    def browsing(self) -> Browsing: ...
    @property
    def indexing(self) -> Indexing: ...
    @property
    def searching(self) -> Searching: ...
    @property
    def raw(self) -> RawDocuments: ...
    @property
    def subscriptions(self) -> Subscriptions: ...
    @property
    def pushes(self) -> Pushes: ...
    @property
    def reloads(self) -> Reloads: ...


class Reader(Protocol):
    """Reads again and again without opening the database each time. One thread at a time."""

    @property
    def is_near(self) -> bool:
        """Whether a row that was read lately is there in microseconds, with nobody to wait for."""
        ...

    def read(self) -> AbstractContextManager[Work]:
        """As ``Store.read``."""

    def close(self) -> None:
        """Let go of the database."""


class Store(Upkeep, Copyable, Protocol):
    """A database that holds feeds, records and the change log."""

    def work(self) -> AbstractContextManager[Work]:
        """Begin an immediate transaction; commit at the end of the block, roll back when it raises.

        One thread only: the one that first called it. Raises StoreUnavailableError, which includes StoreConflictError,
        and StoreLostError.
        """

    def read(self) -> AbstractContextManager[Work]:
        """Begin a snapshot for reading, from any thread; keep it short (SQ-05)."""

    def reader(self) -> Reader:
        """Return what keeps its connection; it opens none before it is used."""

    def exclusive(self, owner: str) -> AbstractContextManager[None]:
        """Be the one process that polls this store (SC-31). Raises StoreBusyError, which names the other."""

    def consuming(self, name: str, owner: str) -> AbstractContextManager[None]:
        """Be the one reader of that consumer (OI-09). Raises StoreBusyError, which names the other."""

    def close(self) -> None:
        """Leave the database tidy (SQ-28)."""
