"""A stored record, and what is found out about it anew."""

from collections.abc import Mapping
from dataclasses import dataclass

from aggregator.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A record as it stands, and what is kept beside it that enrichers need."""

    record: Record
    revision: int
    feed_url: str  # of the feed that gave its words
    provenance: Mapping[str, str]
    categories: tuple[str, ...]
    tags: tuple[str, ...]  # that rules of the operator gave
    standing: int  # paragraphs at its end that enrichers are not shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What enrichers find in place of what ``revision`` of the record said."""

    record: Record  # as it was
    revision: int
    changed: Mapping[str, str | tuple[str, ...] | None]  # by field; empty: the same again
    sources: Mapping[str, str]  # who says so, for all that was looked at
    kinds: Mapping[str, str] | None  # of entities; None: not looked at
