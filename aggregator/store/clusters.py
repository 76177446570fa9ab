"""What every store promises about records that tell of one event. Part of ``aggregator.store.contract``.

Clusters follow the change log at their own pace, outside of polls, and only where somebody has them do so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aggregator.model import Cluster
from aggregator.store.browsing import Glimpse


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A cluster with its newest records, newest first."""

    cluster: Cluster
    stories: tuple[Glimpse, ...]


class Clusters(Protocol):
    """Records of different feeds, no more than 72 hours apart, whose titles share what few titles have.

    A record joins the cluster of its best match; two that match where there is none make one. What is in a cluster
    stays there, whatever comes later. Records that were merged or retracted are in none, and a cluster of one is none.
    """

    def catch_up(self, now: datetime, *, limit: int) -> int:
        """Follow up to ``limit`` changes; return how many that were, 0 when nothing is left to do."""

    def latest(self, *, limit: int, each: int) -> Sequence[Told]:
        """Return the clusters with the newest records, newest first, with up to ``each`` of their records."""
