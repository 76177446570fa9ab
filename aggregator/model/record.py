"""Records, the change log, and what one poll decided."""

from dataclasses import dataclass
from datetime import datetime

from aggregator.model.article import Digest
from aggregator.model.feed import ChangeKind, Feed, RecordId, Seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One story as we keep it: the public fields, less the two URLs that depend on where the site is."""

    id: RecordId
    slug: str
    title: str
    summary: str
    body_md: str
    canonical_source: str
    published_at: datetime | None
    updated_at: datetime
    lang: str | None
    topics: tuple[str, ...]
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the change log. ``record`` is the record as that revision had it."""

    seq: Seq
    kind: ChangeKind
    at: datetime
    revision: int | None
    record: Record | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """What one poll decided about its feed; the store writes it together with the entries, or not at all."""

    feed: Feed  # with its new polling state
    digest: Digest | None  # None: nothing new was read
    result: str  # "ok", "not-modified", "unchanged", or a failure kind
    status: int | None
    wire_bytes: int
    started_at: datetime
    finished_at: datetime
    origin_retry_at: datetime | None = None  # Retry-After, for the whole origin (ST-07)
