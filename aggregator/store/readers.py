"""What every store promises to those who read the change log under a name. Part of ``aggregator.store.contract``."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aggregator.model import Delivery, FilePlace, Seq


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerStatus:
    """Where a named reader of the change log stands."""

    name: str
    seq: Seq
    lag: int  # changes it has not had
    at: datetime
    waiting: int = 0  # changes that could not be delivered yet
    dead: int = 0  # and not at all
    stopped: str | None = None  # why nothing is delivered any more
    trouble: str | None = None  # why its file cannot be written
    trouble_since: datetime | None = None
    path: str | None = None  # the file that it writes to now
    part: int = 1  # which part that is of what the settings name


def newest_file(files: Iterable[FilePlace]) -> FilePlace | None:
    """Return the file of a consumer that has its latest line; one without any counts as oldest."""
    return max(files, key=lambda file: (file.last_seq or 0, file.part), default=None)


class Consumers(Protocol):
    """Named readers of the change log, each with a cursor; and how far each of their files is written."""

    def cursor(self, name: str) -> Seq | None:
        """Return the last seq that the consumer has had; None for one that is new."""

    def advance(self, name: str, seq: Seq, now: datetime) -> None:
        """Set the cursor."""

    def file(self, name: str, base: str) -> FilePlace | None:
        """Return the newest part of a file of the consumer; None for one that it never wrote."""

    def open_files(self, name: str) -> list[FilePlace]:
        """Return the files that are not closed."""

    def put_file(self, name: str, file: FilePlace) -> None:
        """Keep how far a file is written. In one unit of work with ``advance``: no line is written twice (OI-06)."""

    def drop(self, name: str) -> None:
        """Forget a consumer and all that is kept of it."""

    def tell(self, name: str, trouble: str | None, now: datetime) -> None:
        """Keep why a file of the consumer cannot be written, and since when it cannot; None: it can."""

    def relieve(self, others_than: Collection[str]) -> None:
        """Forget the trouble of every consumer but those named."""

    def statuses(self) -> list[ConsumerStatus]:
        """Return all consumers by name."""


class Deliveries(Protocol):
    """What could not be delivered to a consumer, and whether anything is."""

    def waiting(self, name: str) -> list[Delivery]:
        """Return what is to be tried again, in order."""

    def dead(self, name: str | None = None) -> list[tuple[str, Delivery]]:
        """Return the name of the consumer and what nobody tries to deliver any more, in order."""

    def put(self, name: str, delivery: Delivery) -> None:
        """Keep a delivery."""

    def forget(self, name: str, seq: Seq) -> None:
        """It was delivered."""

    def revive(self, name: str, seqs: Collection[Seq], now: datetime) -> int:
        """Have dead deliveries (none named: all) tried again from ``now`` on; return how many."""

    def stopped(self, name: str) -> str | None:
        """Return why nothing is delivered to a consumer."""

    def stop(self, name: str, reason: str | None) -> None:
        """Deliver nothing any more; None: go on."""
