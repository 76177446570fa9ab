"""What every store promises about its index: words and labels of stories. Part of ``aggregator.store.contract``.

The index follows the change log at its own pace, outside of polls. It holds nothing that the records do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from aggregator.store.browsing import Glimpse, Label, Place
from aggregator.store.query import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A story that was found, and its body, to show where."""

    glimpse: Glimpse
    body_md: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The best of what was found. ``total`` is ``most`` at most: of more, the newest were ranked and counted."""

    hits: tuple[Hit, ...]
    total: int
    most: int
    facets: tuple[Label, ...]  # of all that were ranked, most frequent first


class Indexing(Protocol):
    """Keeping the index."""

    def behind(self) -> int:
        """Return how many changes the index has not followed."""

    def catch_up(self, *, limit: int) -> int:
        """Follow up to ``limit`` changes and sightings; return how many that were, 0 when nothing is left to do."""


class Searching(Protocol):
    """Finding stories by what they say."""

    def find(self, query: Query, *, offset: int, limit: int, now: int) -> Results:
        """Return stories with all of the query's words, by relevance and freshness at ``now`` (seconds since 1970)."""

    def newest(self, query: Query, *, limit: int) -> Sequence[Place]:
        """Return where the newest of those stories stand in the list of all."""
