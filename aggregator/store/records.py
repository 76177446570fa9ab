"""What every store promises about its records. Part of ``aggregator.store.contract``."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from aggregator.model import Digest, Feed, Record, RecordPage, RecordRow, Selection, Seq
from aggregator.store.plan import Applied, Known, Plan

EVERYTHING = Selection()


class Records(Protocol):
    """Stories, their sightings and their revisions."""

    def known(self, feed: Feed, digest: Digest) -> Known:
        """Return what the store knows of the stories in a digest of that feed."""

    def apply(self, plan: Plan, feed: Feed, now: datetime, *, again: bool = False) -> Applied:
        """Write what was planned: records, revisions, sightings, aliases and their changes.

        Raises StalePlanError where another process changed since ``known`` what was planned upon, and writes nothing.
        From then on nobody else does, until the transaction ends: what is planned now is written ``again``.
        """

    def by_slug(self, slug: str) -> Record | None:
        """Return the record of that slug."""

    def count(self) -> int:
        """Return how many records there are."""

    def rows(self, selection: Selection = EVERYTHING) -> Iterator[Sequence[RecordRow]]:
        """Yield every selected record once, many at a time, in the order of its last change.

        A record is of every feed that carried it; ``since`` and ``until`` are about its last change, ``kinds`` are not
        looked at.
        """

    def page(self, selection: Selection, place: Seq | None, *, limit: int, newest_first: bool) -> RecordPage:
        """Return selected records that were not retracted, beyond a place in the order of their last change."""
