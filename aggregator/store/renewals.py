"""What every store promises to what enriches its records anew. Part of ``aggregator.store.contract``."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aggregator.model import RecordId, Renewal, Selection, Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalPlace:
    """How far the records have been looked at by some rules."""

    rules: str
    after: RecordId | None = None  # the last one that was; None: none yet
    done: bool = False  # later ones were found out about by these rules to begin with


class Renewals(Protocol):
    """Records that are enriched again by other rules."""

    def count(self, selection: Selection) -> int:
        """Return how many records there are to look at."""

    def after(self, record: RecordId | None, selection: Selection, *, limit: int) -> list[Stored]:
        """Return the records that follow one (None: from the first on), but for those that are merged or retracted."""

    def renew(self, renewals: Iterable[Renewal], now: datetime) -> int:
        """Make what changed the records' next revisions, each with its ``updated`` line; return how many that were.

        Where nothing changed it is only noted who has been asked. A record that has had another revision since is left
        alone.
        """

    def place(self, rules: str) -> RenewalPlace:
        """Return how far one has come by these rules: nowhere where those of the last place are others."""

    def move(self, place: RenewalPlace) -> None:
        """Keep the place."""
