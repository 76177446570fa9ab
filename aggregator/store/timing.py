"""What every store promises about when feeds are polled: roles of the unit of work."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from aggregator.model import Feed, FeedId, Overdue, Pace, PastPoll, Seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How all feeds do, in a few numbers."""

    feeds: Mapping[str, int]  # the active ones, by state
    due: int  # that could be polled, and are not being polled
    oldest: datetime | None  # since when the first of those is due
    seq: Seq  # the last of the change log


@dataclass(frozen=True, slots=True, kw_only=True)
class TagWait:
    """How long the entries of the feeds with a tag waited."""

    tag: str
    entries: int
    mean: timedelta


class Schedule(Protocol):
    """The schedule seen from above: what explains it, mends it and audits it."""

    def find(self, url: str) -> Feed | None:
        """Return the active feed of that URL; its ``retry_after_at`` is the later of its own and its origin's."""

    def next_due(self) -> datetime | None:
        """Return when the next feed is due, None where none is polled."""

    def twin(self, feed: Feed, url: str) -> str | None:
        """Return another active feed that is polled at that URL (ST-19)."""

    def mend(self, mended: Callable[[Iterable[Feed]], Iterable[Feed]]) -> None:
        """Give ``mended`` all active feeds; write the times of those it returns (SC-28)."""

    def polls(self, since: datetime) -> Iterator[PastPoll]:
        """Return the polls that ended since then, oldest first."""

    def delays(self, since: datetime) -> Mapping[str, timedelta]:
        """Return how long after their publication stories were found, on average of the polls since then, by feed URL.

        A feed is missing where nothing tells.
        """

    def standing(self, now: datetime) -> Standing:
        """Return how all feeds do; quickly, however many records there are."""

    def asked(self, since: datetime) -> int:
        """Return how many polls ended since then; what hubs pushed is none."""

    def price(self) -> float | None:
        """Return the price of a request at which the feed polled last was scheduled, where it was by its price."""

    def waits(self, since: datetime) -> list[TagWait]:
        """Return how long entries that were published since then waited until they were found, tag by tag.

        Of feeds that were polled before those entries were published.
        """


class Origins(Protocol):
    """What was learnt about the pace of each origin."""

    def paces(self) -> list[Pace]:
        """Return it, where there is any."""

    def keep(self, paces: Iterable[Pace]) -> None:
        """Write it; of origins that no feed has, nothing is kept."""

    def mend(self, now: datetime) -> None:
        """Bring forward what was learnt "in the future", by a clock that has gone back since (SC-28).

        By how far the latest poll of the origin lies ahead: so before the feeds themselves are mended.
        """


class Recovery(Protocol):
    """After an outage of our own network (ST-39)."""

    def forgive(self, feeds: Iterable[Feed]) -> None:
        """Make the failure count and the schedule of feeds that are not being polled what they were before a poll.

        ``feeds`` are as claimed for that poll. A state that the poll changed has been told: it stays for the next poll
        to set, and so does its reason.
        """

    def overdue(self, now: datetime) -> list[Overdue]:
        """Return the active feeds that are due and not being polled."""

    def reschedule(self, due: Mapping[FeedId, datetime]) -> None:
        """Set when feeds are due."""
