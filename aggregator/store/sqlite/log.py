"""Reading the change log."""

import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from aggregator.model import Batch, Change, Feed, Notice, Origin, Record, RecordId, Selection, Seq, Sighting
from aggregator.store.records import EVERYTHING
from aggregator.store.sqlite.duplicates import SqliteDuplicates
from aggregator.store.sqlite.membership import clusters_of
from aggregator.store.sqlite.selecting import of_changes, tells_of
from aggregator.store.sqlite.values import as_json, moment, moment_or_none, names, stamp

RECORD_COLUMNS = (
    "r.id, r.slug, r.title, r.summary, r.body_md, r.canonical_source, r.published_at, r.updated_at, r.lang,"
    " r.topics, r.entities"
)

_COLUMNS = (
    "c.seq, c.kind, c.at, c.revision, c.detail, v.content, f.url, f.name, f.title, s.guid, s.link, s.first_seen,"
    " json_extract(r.details, '$.published_raw', '$.date_flags', '$.flags', '$.provenance', '$.entity_kinds',"
    " '$.custom')"
)
_MOST_LOOKED_THROUGH = 100_000  # at a time: some ten milliseconds


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
        return list(self.select(seq, EVERYTHING, limit=limit).changes)

    def select(self, seq: Seq, selection: Selection, *, limit: int) -> Batch:
        """See ``Log.select``."""
        conditions, values = of_changes(selection)
        rows = self._sql.execute(
            f"SELECT {_COLUMNS}, {RECORD_COLUMNS} FROM changes c"  # noqa: S608 - constants and question marks only
            " LEFT JOIN records r ON r.id=c.record_id"
            " LEFT JOIN revisions v ON v.record_id=c.record_id AND v.revision=c.revision"
            " LEFT JOIN feeds f ON f.id=c.feed_id"
            " LEFT JOIN sightings s ON s.feed_id=c.feed_id AND s.guid_hash=r.guid_hash"
            f" WHERE c.seq>? AND c.seq<=?{conditions} ORDER BY c.seq LIMIT ?",
            (seq, seq + _MOST_LOOKED_THROUGH, *values, limit),
        ).fetchall()
        through = rows[-1][0] if len(rows) == limit else max(seq, min(seq + _MOST_LOOKED_THROUGH, self.last()))
        changes = (_change(row) for row in rows)
        selected = tuple(each for each in changes if tells_of(each, selection))
        return Batch(after=seq, changes=self._with_likes(selected), through=Seq(through))

    def _with_likes(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        records = {each.record.id for each in changes if each.record is not None}
        copies, clusters = SqliteDuplicates(self._sql).of(records), clusters_of(self._sql, records)
        return tuple(
            replace(each, near_duplicates=tuple(copies.get(each.record.id, ())), cluster=clusters.get(each.record.id))
            if each.record is not None and (each.record.id in copies or each.record.id in clusters)
            else each
            for each in changes
        )

    def last(self) -> Seq:
        """See ``Log.last``."""
        return Seq(self._sql.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()[0])

    def before(self, moment: datetime) -> Seq:
        """See ``Log.before``."""
        row = self._sql.execute("SELECT seq FROM changes WHERE at>=? ORDER BY seq LIMIT 1", (stamp(moment),)).fetchone()
        return self.last() if row is None else Seq(row[0] - 1)

    def note(self, notices: Iterable[Notice], feed: Feed | None, now: datetime) -> None:
        """See ``Log.note``."""
        self._sql.executemany(
            "INSERT INTO changes (kind, feed_id, at, detail) VALUES (?, ?, ?, ?)",
            [(notice.kind, feed and feed.id, stamp(now), as_json(notice.detail)) for notice in notices],
        )


def _change(row: Sequence[Any]) -> Change:
    seq, kind, at, revision, detail, content, url, name, title, guid, link, first_seen, details, *columns = row
    raw, date_flags, flags, provenance, kinds, custom = orjson.loads(details) if details else (None,) * 6
    record = None if columns[0] is None else read_record(columns)
    is_current = record is not None and content is None
    if record is not None and content is not None:
        record = unpack(record, content)
    return Change(
        seq=seq,
        kind=kind,
        at=moment(at),
        revision=revision,
        record=record,
        detail=None if detail is None else orjson.loads(detail),
        feed=_origin(url, name, title),
        sighting=_sighting(guid, link, first_seen, raw, date_flags),
        flags=tuple(flags or ()) if is_current else None,
        provenance=(provenance or {}) if is_current else None,
        entity_kinds=(kinds or {}) if is_current else None,
        custom=custom if is_current else None,
    )


def _origin(url: str | None, name: str | None, title: str | None) -> Origin | None:
    return None if url is None else Origin(url=url, name=name, title=title)


def _sighting(
    guid: str | None, link: str | None, first_seen: str | None, raw: str | None, flags: Sequence[str] | None
) -> Sighting | None:
    if first_seen is None:
        return None
    return Sighting(
        guid=guid,
        link=link,
        first_seen=moment(first_seen),
        published_raw=raw,
        date_flags=tuple(flags or ()),
    )


def pack(fields: Mapping[str, object]) -> bytes:
    """Return the content of a revision that is not the current one any more, compressed."""
    return zlib.compress(orjson.dumps(fields), 6)


def unpacked(content: bytes) -> dict[str, Any]:
    """Return what ``pack`` was given."""
    fields: dict[str, Any] = orjson.loads(zlib.decompress(content))
    return fields


def unpack(record: Record, content: bytes) -> Record:
    """Return the record as the packed revision had it."""
    fields = unpacked(content)
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
