"""What a store promises to those who look after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from aggregator.model import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The process that polls a store."""

    name: str
    trouble: str | None  # why it is paused


class Upkeep(Protocol):
    """Copying, examining, and who works on it. None of it needs, or waits for, the process that polls."""

    def examine(self, now: datetime) -> Iterator[Finding]:
        """Yield what is wrong with the store. Changes nothing; reads everything, which takes its time."""

    def backup(self, target: Path) -> None:
        """Write a sound copy to a file that does not exist, all at once, while others write (SQ-12).

        Raises StoreError where it cannot be written.
        """

    def holder(self) -> Holder | None:
        """Return the process that polls this store."""

    def tell(self, trouble: str | None) -> None:
        """As that process: say why it is paused, or that it is not any more. Needs no room on the disk."""
