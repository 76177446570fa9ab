"""What a worker is given: values only, so that the daemon need not load what reads documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aggregator.model import CustomEnricher, FullText, Missed, Page, Pipeline, Rule, Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One document as it was fetched."""

    url: str  # where it came from: what relative links resolve against
    body: bytes
    content_type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestJob:
    """All that reading one document needs; picklable."""

    feed_url: str
    url: str  # where the body came from: what relative links resolve against
    body: bytes
    content_type: str | None
    now: datetime
    known: Mapping[bytes, bytes]  # guid hash -> entry hash of the document as last read
    link_identity: bool
    enabled: frozenset[str]  # the enrichers that are on
    vocabulary: Path | None = None  # of topics; None is the shipped one
    boilerplate: Path | None = None  # rules of the operator's own
    feed_name: str | None = None  # what rules may call it
    rules: tuple[Rule, ...] = ()
    custom: tuple[CustomEnricher, ...] = ()  # of the operator's own
    pipelines: tuple[Pipeline, ...] = ()  # of spaCy, for entities
    parts: tuple[Body, ...] = ()  # documents to read with this one, which named them
    full_text: FullText | None = None  # what is wanted of the entries' pages; None: they are not asked for
    pages: Mapping[str, Page | Missed] | None = None  # by their addresses; None: which are wanted is to be said first


@dataclass(frozen=True, slots=True, kw_only=True)
class PageJob:
    """All that reading one web page needs; picklable."""

    feed_url: str
    url: str  # where the body came from
    asked: str  # what was asked for
    body: bytes
    content_type: str | None
    full_text: FullText


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewJob:
    """All that finding out about a stored record anew needs; picklable."""

    stored: Stored
    enrichers: frozenset[str]  # that are asked
    vocabulary: Path | None
    boilerplate: Path | None
    pipelines: tuple[Pipeline, ...]

    @property
    def feed_url(self) -> str:
        """The feed that gave the record its words."""
        return self.stored.feed_url

    @property
    def body(self) -> str:
        """What there is to read."""
        return self.stored.record.body_md
