"""The match keys of stored records: what meets them, and which of them older rules made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aggregator.model import RecordId
from aggregator.store.plan import Alias


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """A record as far as its keys go."""

    id: RecordId
    key: str
    version: int  # of the rules that made the key
    source: str
    feed_url: str  # of the feed that gave it
    aliases: tuple[str, ...]  # other keys that lead to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehash:
    """The fingerprint of a key changes where it stands for the guid of an entry that has none."""

    record: RecordId
    old: bytes
    new: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders:
    """Who has the keys that a batch wants."""

    own: Mapping[str, RecordId]
    aliased: Mapping[str, RecordId]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlan:
    """What new rules change in the keys of a batch of records. It changes no record that anybody reads."""

    done: tuple[RecordId, ...]
    moves: Mapping[RecordId, str]
    aliases: tuple[Alias, ...]
    rehashes: tuple[Rehash, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """That a feed carried a record."""

    feed: str
    guid: str | None
    link: str | None
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """The record that a match key leads to."""

    slug: str
    title: str
    match_key: str  # its own
    version: int
    alias: str | None  # why another key leads to it, where it does
    sightings: tuple[Sighted, ...]


class Keys(Protocol):
    """The match keys of all records (UR-39)."""

    def meet(self, key: str) -> Meeting | None:
        """Return the record that a story of that key would be."""

    def marked(self, key: str, *, limit: int) -> list[Meeting]:
        """Return records whose key is that key with a mark behind it: their page is not theirs alone (UR-15)."""

    def count_behind(self, version: int) -> int:
        """Return how many records have a key that older rules made."""

    def behind(self, version: int, *, limit: int) -> list[Keyed]:
        """Return some of those, oldest first."""

    def holders(self, keys: Sequence[str]) -> Holders:
        """Return which records the keys lead to now."""

    def apply(self, plan: KeyPlan, version: int, now: datetime) -> None:
        """Write new keys, and that they are of that version. Nothing is emitted."""
