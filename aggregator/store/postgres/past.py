"""A record's past and its names in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from aggregator.model import RecordId
from aggregator.store.past import Line, Name, Parted, PartingError
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.log import read_record
from aggregator.store.postgres.parting import Parting
from aggregator.store.sqlite.log import RECORD_COLUMNS, unpack

_LINES = f"""
SELECT c.seq, c.kind, c.at, c.revision, c.detail, v.content, {RECORD_COLUMNS}
FROM changes c JOIN records r ON r.id=c.record_id
    LEFT JOIN revisions v ON v.record_id=c.record_id AND v.revision=c.revision
WHERE c.record_id=%s ORDER BY c.seq
"""
_ENTRIES = """
SELECT 'entry', coalesce(s.guid, s.link, ''), f.url, s.link, s.reason, s.confidence, s.first_seen, s.last_seen
FROM sightings s JOIN feeds f ON f.id=s.feed_id WHERE s.record_id=%s ORDER BY s.first_seen, s.id
"""
_LINKS = """
SELECT 'link', match_key, NULL, NULL, NULL, NULL, first_seen_at, NULL FROM records WHERE id=%(record)s
UNION ALL
SELECT 'link', match_key, NULL, NULL, reason, confidence, at, NULL FROM aliases WHERE record_id=%(record)s
UNION ALL
SELECT 'record', slug, NULL, canonical_source, 'merged', NULL, NULL, NULL FROM records WHERE merged_into=%(record)s
"""


class PostgresPast:
    """The ``Past`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def lines(self, slug: str) -> Sequence[Line]:
        """See ``Past.lines``."""
        record = self._id(slug)
        return [] if record is None else [_line(row) for row in self._sql.execute(_LINES, (record,)).fetchall()]

    def names(self, slug: str) -> Sequence[Name]:
        """See ``Past.names``."""
        record = self._id(slug)
        if record is None:
            return []
        rows = self._sql.execute(_ENTRIES, (record,)).fetchall()
        rows += self._sql.execute(_LINKS, {"record": record}).fetchall()
        return [_name(row) for row in rows]

    def part(self, slug: str, name: str | None, now: datetime) -> Parted:
        """See ``Past.part``."""
        record = self._id(slug)
        if record is None:
            raise PartingError(f"no record has the slug {slug!r}")
        parting = Parting(self._sql, now)
        return parting.restore(record) if name is None else parting.split(record, name)

    def _id(self, slug: str) -> RecordId | None:
        row = self._sql.execute("SELECT id FROM records WHERE slug=%s", (slug,)).fetchone()
        return None if row is None else RecordId(row[0])


def _line(row: Sequence[Any]) -> Line:
    seq, kind, at, revision, detail, content, *columns = row
    record = read_record(columns)
    told = orjson.loads(detail) if detail else {}
    return Line(
        seq=seq,
        kind=kind,
        at=at,
        revision=revision,
        record=record if content is None else unpack(record, content),
        into=told.get("into"),
    )


def _name(row: Sequence[Any]) -> Name:
    kind, name, feed, link, reason, confidence, first_seen, last_seen = row
    return Name(
        kind=kind,
        name=name,
        feed=feed,
        link=link,
        reason=reason,
        confidence=confidence,
        first_seen=first_seen,
        last_seen=last_seen,
    )
