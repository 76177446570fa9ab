"""Reading the change log."""

import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from aggregator.model import Change, Feed, Notice, Record, RecordId, Seq
from aggregator.store.sqlite.values import as_json, moment, moment_or_none, names, stamp

RECORD_COLUMNS = (
    "r.id, r.slug, r.title, r.summary, r.body_md, r.canonical_source, r.published_at, r.updated_at, r.lang,"
    " r.topics, r.entities"
)


def read_record(row: Sequence[Any]) -> Record:
    """Return the record in a row of RECORD_COLUMNS."""
    ident, slug, title, summary, body_md, source, published, updated, lang, topics, entities = row
    return Record(
        id=RecordId(ident),
        slug=slug,
        title=title,
        summary=summary,
        body_md=body_md,
        canonical_source=source,
        published_at=moment_or_none(published),
        updated_at=moment(updated),
        lang=lang,
        topics=names(topics),
        entities=names(entities),
    )


class SqliteLog:
    """The ``Log`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def after(self, seq: Seq, *, limit: int) -> list[Change]:
        """See ``Log.after``."""
        rows = self._sql.execute(
            f"SELECT c.seq, c.kind, c.at, c.revision, c.detail, v.content, {RECORD_COLUMNS}"  # noqa: S608 - constants only
            " FROM changes c LEFT JOIN records r ON r.id=c.record_id"
            " LEFT JOIN revisions v ON v.record_id=c.record_id AND v.revision=c.revision"
            " WHERE c.seq>? ORDER BY c.seq LIMIT ?",
            (seq, limit),
        ).fetchall()
        return [_change(row) for row in rows]

    def last(self) -> Seq:
        """See ``Log.last``."""
        return Seq(self._sql.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()[0])

    def note(self, notices: Iterable[Notice], feed: Feed, now: datetime) -> None:
        """See ``Log.note``."""
        self._sql.executemany(
            "INSERT INTO changes (kind, feed_id, at, detail) VALUES (?, ?, ?, ?)",
            [(notice.kind, feed.id, stamp(now), as_json(notice.detail)) for notice in notices],
        )


def _change(row: Sequence[Any]) -> Change:
    seq, kind, at, revision, detail, content, *columns = row
    record = None if columns[0] is None else read_record(columns)
    if record is not None and content is not None:
        record = unpack(record, content)
    told = None if detail is None else orjson.loads(detail)
    return Change(seq=seq, kind=kind, at=moment(at), revision=revision, record=record, detail=told)


def pack(fields: Mapping[str, object]) -> bytes:
    """Return the content of a revision that is not the current one any more, compressed."""
    return zlib.compress(orjson.dumps(fields), 6)


def unpack(record: Record, content: bytes) -> Record:
    """Return the record as the packed revision had it."""
    fields = orjson.loads(zlib.decompress(content))
    return Record(
        id=record.id,
        slug=record.slug,
        canonical_source=record.canonical_source,
        title=fields["title"],
        summary=fields["summary"],
        body_md=fields["body_md"],
        published_at=moment_or_none(fields["published_at"]),
        updated_at=moment(fields["updated_at"]),
        lang=fields["lang"],
        topics=tuple(fields["topics"]),
        entities=tuple(fields["entities"]),
    )
