"""Documents as they were read, in PostgreSQL."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from aggregator.model import Feed, FeedId, RecordId
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.feed_rows import FEED_COLUMNS, read_feed
from aggregator.store.postgres.log import read_record
from aggregator.store.raw import RawDocument, Told
from aggregator.store.sqlite.log import RECORD_COLUMNS

_EVER = datetime.min.replace(tzinfo=UTC)

# A line says where it is from that is of no poll; what the feed itself has said last counts.
_TOLD = (
    f"SELECT {RECORD_COLUMNS}, (SELECT max(c.at) FROM changes c WHERE c.record_id=r.id"
    " AND c.kind IN ('new', 'updated')"
    " AND coalesce(c.detail->>'replayed', c.detail->>'refined', c.detail->>'renewed') IS NULL),"
    " v.content_hash, json_build_array(r.details->'provenance', r.details->'custom')"
    " FROM records r JOIN revisions v ON v.record_id=r.id AND v.revision=r.revision WHERE r.id=%s"
)


class PostgresRaw:
    """The ``RawDocuments`` role."""

    def __init__(self, connection: Sql, settle: Callable[[], None]) -> None:
        self._sql = connection
        self._settle = settle  # before what plans write is read

    def keep(self, feed: FeedId, packed: bytes, now: datetime, *, fresh: bool) -> None:
        """See ``RawDocuments.keep``."""
        self._sql.execute(
            "INSERT INTO raw_documents (feed_id, at, packed) SELECT %(feed)s, %(at)s, %(packed)s"
            " WHERE %(fresh)s OR NOT EXISTS (SELECT 1 FROM raw_documents WHERE feed_id=%(feed)s)",
            {"feed": feed, "at": now, "packed": packed, "fresh": fresh},
        )

    def feeds(self, since: datetime | None) -> list[tuple[Feed, int]]:
        """See ``RawDocuments.feeds``."""
        rows = self._sql.execute(
            f"SELECT {FEED_COLUMNS}, count(*) FROM raw_documents d JOIN feeds f ON f.id=d.feed_id"
            " WHERE d.at>=%s GROUP BY f.id ORDER BY f.position, f.id",
            (_from(since),),
        ).fetchall()
        return [(read_feed(row[:-1], None), row[-1]) for row in rows]

    def following(self, feed: FeedId, after: int, since: datetime | None) -> RawDocument | None:
        """See ``RawDocuments.following``."""
        row = self._sql.execute(
            "SELECT id, at, packed FROM raw_documents WHERE feed_id=%s AND id>%s AND at>=%s ORDER BY id LIMIT 1",
            (feed, after, _from(since)),
        ).fetchone()
        return None if row is None else RawDocument(id=row[0], at=row[1], packed=row[2])

    def told(self, records: Collection[RecordId]) -> Mapping[RecordId, Told]:
        """See ``RawDocuments.told``."""
        self._settle()
        return {record: _told(self._sql.one(_TOLD, (record,))) for record in records}

    def count(self, before: datetime) -> int:
        """See ``RawDocuments.count``."""
        return int(self._sql.one("SELECT count(*) FROM raw_documents WHERE at<%s", (before,))[0])

    def forget(self, before: datetime, *, limit: int) -> int:
        """See ``RawDocuments.forget``."""
        return self._sql.execute(
            "DELETE FROM raw_documents WHERE id IN (SELECT id FROM raw_documents WHERE at<%s ORDER BY at LIMIT %s)",
            (before, limit),
        ).rowcount


def _from(since: datetime | None) -> datetime:
    return _EVER if since is None else since


def _told(row: Sequence[Any]) -> Told:
    *columns, at, content_hash, said = row
    provenance, custom = orjson.loads(said)
    return Told(
        record=read_record(columns),
        at=at,
        content_hash=content_hash,
        provenance=provenance or {},
        custom=custom,
    )
