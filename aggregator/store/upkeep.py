"""What a store promises to those who look after it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from aggregator.model import Finding, Keep, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The process that polls a store."""

    name: str
    trouble: str | None  # why it is paused
    site: str | None = None  # where its site listens, "off" where it has none; None: it does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Prunable:
    """What a feed has that is not to be kept."""

    url: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A record, and what its feed said of it besides."""

    record: Record
    feeds: tuple[str, ...]  # the URL of the feed that gave it, and its name
    categories: tuple[str, ...]
    authors: tuple[str, ...]


class Retention(Protocol):
    """Deleting what is not to be kept. Tombstones stay for what a feed still carries (ID-23)."""

    def prunable(self, keep: Keep, now: datetime, *, waits_for: Collection[str]) -> list[Prunable]:
        """Return what would go, feed by feed."""

    def prune(self, keep: Keep, now: datetime, *, waits_for: Collection[str], limit: int) -> int:
        """Delete up to ``limit`` records, with their revisions, sightings and lines of the log; return how many.

        What a consumer has not had stays until it has: for ever for those in ``waits_for``, and for 30 days for others.
        """

    def forget(self, now: datetime, *, waits_for: Collection[str], keep: Keep) -> None:
        """Delete what is too old and belongs to no record: lines about feeds, tombstones of what no feed carries."""

    def shrink(self, pages: int) -> int:
        """Give up to so many free pages of the file back to the disk; return how many."""

    def stories(self) -> Iterator[Story]:
        """Yield every record, in the order in which they came."""


class Upkeep(Protocol):
    """Copying, examining, and who works on it. None of it needs, or waits for, the process that polls."""

    def examine(self, now: datetime) -> Iterator[Finding]:
        """Yield what is wrong with the store. Changes nothing; reads everything, which takes its time."""

    def tell_site(self, site: str) -> None:
        """As that process: say where its site listens, or "off"."""

    def backup(self, target: Path) -> None:
        """Write a sound copy to a file that does not exist, all at once, while others write (SQ-12).

        Raises StoreError where it cannot be written.
        """

    def migrate(self) -> tuple[int, int]:
        """Bring the tables to those of this program, making them where there are none.

        Returns the versions before (0: none) and after. Raises StoreError where a newer program made them.
        """

    def holder(self) -> Holder | None:
        """Return the process that polls this store."""

    def tell(self, trouble: str | None) -> None:
        """As that process: say why it is paused, or that it is not any more. Needs no room on the disk."""
