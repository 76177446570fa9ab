"""What every store promises to what refines records after they are written. Part of ``aggregator.store.contract``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from aggregator.model import Record, RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class Refined:
    """What a record says anew; None: as it was. ``source`` is who says so, in the record's provenance."""

    summary: str | None
    topics: tuple[str, ...] | None
    entities: tuple[str, ...] | None
    source: str


class Refinements(Protocol):
    """Records that get better after they were written, and what that cost."""

    def current(self, record: RecordId, revision: int) -> Record | None:
        """Return the record where that is its revision, and it is neither merged nor retracted."""

    def refine(self, record: RecordId, revision: int, refined: Refined, now: datetime) -> bool:
        """Make it the record's next revision, with its ``updated`` line; False where nothing of it is new.

        False too where the record is not ``current`` any more.
        """

    def answer(self, key: bytes) -> str | None:
        """Return the answer that was kept under a key."""

    def keep_answer(self, key: bytes, answer: str, now: datetime) -> None:
        """Keep an answer, and forget what has not been needed for long."""

    def spend(self, day: date, costs: Mapping[str, int]) -> None:
        """Add to what a day has cost, by name."""

    def spent(self, day: date) -> Mapping[str, int]:
        """Return what a day has cost, by name."""
