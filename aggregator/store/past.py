"""What a record was, which names it has, and parting it from what is not its story: a role of the unit of work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from aggregator.model import ChangeKind, Record, Seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the change log that is about a record."""

    seq: Seq
    kind: ChangeKind
    at: datetime
    revision: int
    record: Record  # as that revision had it
    into: str | None = None  # the slug of the record that it was merged into


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """An entry of a feed, or a link, that is held to be the record's; ``reason`` says why it is."""

    kind: Literal["entry", "link", "record"]
    name: str  # the entry's guid, else its link; the link's match key; the slug of a record merged into this one
    feed: str | None
    link: str | None
    reason: str | None  # None: it is how the record was first known, or its guid said so
    confidence: float | None
    first_seen: datetime | None
    last_seen: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """What came of parting: the record that is one of its own now, and the one that it was parted from."""

    slug: str
    from_slug: str
    restored: bool  # it had been a record before


class PartingError(Exception):
    """The record cannot be parted so; the message says why."""


class Past(Protocol):
    """A record's revisions and names."""

    def lines(self, slug: str) -> Sequence[Line]:
        """Return all lines about the record, oldest first; none where no record has the slug."""

    def names(self, slug: str) -> Sequence[Name]:
        """Return every name that leads to the record."""

    def part(self, slug: str, name: str | None, now: datetime) -> Parted:
        """Undo a wrong merge: the record ``slug`` was merged, or it has a ``name`` that is another story's.

        The story that was merged is a record again. A name (a guid or a link of an entry) becomes a record of its own:
        with the words that the entry gave, where it gave any, else with those of the record until its feed is read
        again, which happens with the next poll. Where the words of the record are the entry's, those from before come
        back. Either is told in the log, and is for good: what a person parted is never merged again. Raises
        PartingError.
        """
