"""What a store promises to a fleet: who polls which share of the schedule. In PostgreSQL alone."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from aggregator.model import Feed, Pace

SILENCE = timedelta(seconds=30)  # whoever was not heard of for longer is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """A bucket for a while: whoever runs that job of the queue polls the bucket's feeds, and nobody else does."""

    job: int
    bucket: int
    worker: int  # as the queue knows the process


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetStanding:
    """How a fleet does, in a few numbers."""

    members: int  # processes that were heard of
    waiting: int  # buckets that wait for a process
    held: int  # and those that have one
    lags: tuple[float, ...]  # for how many seconds the first of a bucket's feeds is due: of all buckets, rising
    reaped: int  # buckets that were taken from processes which were not heard of, ever


class Fleet(Protocol):
    """Buckets, the jobs of the queue that stand for them, and what passes from one holder to the next."""

    def idle(self, now: datetime) -> list[int]:
        """Return the buckets that have feeds to poll, and no job."""

    def due(self, buckets: Sequence[int], now: datetime) -> frozenset[int]:
        """Return those of the buckets that have a feed which could be polled, and is not being polled."""

    def paces(self, origins: Collection[str]) -> list[Pace]:
        """Return what is known about these origins, where there is anything."""

    def confirm(self, tenures: Collection[Tenure]) -> frozenset[int]:
        """Show that their workers live; return the jobs that are theirs still."""

    def claim_due(
        self,
        tenures: Collection[Tenure],
        now: datetime,
        *,
        limit: int,
        per_origin: int,
        token: str,
        lease_until: datetime,
    ) -> list[Feed]:
        """As ``Feeds.claim_due``, from the buckets of those tenures that have not been ended by others."""

    def pass_by(self, origin: str, now: datetime, *, patience: timedelta, distance: timedelta) -> timedelta:
        """Return how long a request that no bucket stands for has to wait for its origin.

        Where that is no longer than ``patience`` it counts as sent then: nobody else's for the ``distance`` after it.
        """

    def hand_over(self, tenure: Tenure, free: Mapping[str, datetime]) -> bool:
        """End the claims in a bucket, and keep when each of its origins may be asked again; False if it is lost."""

    def reap(self, silence: timedelta) -> Sequence[int]:
        """End the jobs of workers that have not shown life for so long, and their claims; return the buckets."""

    def standing(self, now: datetime, silence: timedelta) -> FleetStanding:
        """Return how all of it does; a process is heard of that has shown life within ``silence``."""

    def is_led(self) -> bool:
        """Whether one of its processes has the outputs."""

    def strays(self, worker: int, running: Collection[int]) -> frozenset[int]:
        """Return the jobs that a worker has by what the queue says, and that are not among those that it runs."""

    def end(self, jobs: Collection[int]) -> Sequence[int]:
        """End jobs that nobody runs, and the claims in their buckets; return the buckets."""


@runtime_checkable
class FleetWork(Protocol):
    """A unit of work of a store that a fleet may share."""

    @property
    def fleet(self) -> Fleet: ...


@runtime_checkable
class FleetStore(Protocol):
    """A store that a fleet may share."""

    def joined(self, owner: str) -> AbstractContextManager[str]:
        """Be one of the processes that poll this store together; return the address of their queue.

        Raises StoreBusyError where one polls it alone.
        """

    def leading(self, owner: str) -> AbstractContextManager[None]:
        """Be the one process of the fleet that has the outputs. Raises StoreBusyError, which names the other."""


def fleet_standing(work: object, now: datetime) -> FleetStanding | None:
    """Return how the fleet does, on a store that one may share."""
    return work.fleet.standing(now, SILENCE) if isinstance(work, FleetWork) else None


def fleet_of(work: object) -> Fleet:
    """Return the role, on a store that has it."""
    assert isinstance(work, FleetWork)
    return work.fleet
