"""Documents as they were read, and the records that are made of them: a role of the unit of work."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aggregator.model import Feed, FeedId, Record, RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class RawDocument:
    """What one poll has read."""

    id: int  # grows
    at: datetime  # when the poll was committed
    packed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A record, and when its feed gave it the words that it has."""

    record: Record
    at: datetime  # the time of that poll; reading documents again makes no difference to it
    content_hash: bytes  # of the entry that they are of, when they became the record's
    provenance: Mapping[str, str]  # who says what its fields say
    custom: object  # what enrichers of the operator's own found


class RawDocuments(Protocol):
    """What polls have read (``[store] raw``). The store knows nothing of what is in it."""

    def keep(self, feed: FeedId, packed: bytes, now: datetime, *, fresh: bool) -> None:
        """Keep what a poll of the feed has read, where it is ``fresh`` or nothing is kept of the feed yet."""

    def feeds(self, since: datetime | None) -> list[tuple[Feed, int]]:
        """Return the feeds of which something is kept that was read since then, and how much of each."""

    def following(self, feed: FeedId, after: int, since: datetime | None) -> RawDocument | None:
        """Return what the feed gave next after the document ``after``, and since a moment; 0 is before the first."""

    def told(self, records: Collection[RecordId]) -> Mapping[RecordId, Told]:
        """Return these records."""

    def count(self, before: datetime) -> int:
        """Return how many are from before a moment."""

    def forget(self, before: datetime, *, limit: int) -> int:
        """Delete up to ``limit`` of them; return how many."""
