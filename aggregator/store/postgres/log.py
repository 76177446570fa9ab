"""Reading the change log."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from aggregator.model import Batch, Change, Feed, Notice, Origin, Record, RecordId, Selection, Seq, Sighting
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.duplicates import PostgresDuplicates
from aggregator.store.postgres.lock import take_seqs
from aggregator.store.postgres.membership import clusters_of
from aggregator.store.postgres.selecting import of_changes, tells_of
from aggregator.store.records import EVERYTHING
from aggregator.store.sqlite.log import RECORD_COLUMNS, unpack
from aggregator.store.sqlite.values import as_json, names

_COLUMNS = (
    "c.seq, c.kind, c.at, c.revision, c.detail, v.content, f.url, f.name, f.title, s.guid, s.link, s.first_seen,"
    " json_build_array(r.details->'published_raw', r.details->'date_flags', r.details->'flags',"
    " r.details->'provenance', r.details->'entity_kinds', r.details->'custom')"
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
        published_at=published,
        updated_at=updated,
        lang=lang,
        topics=names(topics),
        entities=names(entities),
    )


class PostgresLog:
    """The ``Log`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def after(self, seq: Seq, *, limit: int) -> list[Change]:
        """See ``Log.after``."""
        return list(self.select(seq, EVERYTHING, limit=limit).changes)

    def select(self, seq: Seq, selection: Selection, *, limit: int) -> Batch:
        """See ``Log.select``."""
        conditions, values = of_changes(selection)
        # Asked for first: what is committed from here on is beyond it.
        end = max(seq, min(seq + _MOST_LOOKED_THROUGH, self.last()))
        rows = self._sql.execute(
            f"SELECT {_COLUMNS}, {RECORD_COLUMNS} FROM changes c"
            " LEFT JOIN records r ON r.id=c.record_id"
            " LEFT JOIN revisions v ON v.record_id=c.record_id AND v.revision=c.revision"
            " LEFT JOIN feeds f ON f.id=c.feed_id"
            " LEFT JOIN sightings s ON s.feed_id=c.feed_id AND s.guid_hash=r.guid_hash"
            f" WHERE c.seq>%s AND c.seq<=%s{conditions} ORDER BY c.seq LIMIT %s",
            (seq, end, *values, limit),
        ).fetchall()
        through = rows[-1][0] if len(rows) == limit else end
        changes = (_change(row) for row in rows)
        selected = tuple(each for each in changes if tells_of(each, selection))
        return Batch(after=seq, changes=self._with_likes(selected), through=Seq(through))

    def _with_likes(self, changes: Sequence[Change]) -> tuple[Change, ...]:
        records = {each.record.id for each in changes if each.record is not None}
        copies, clusters = PostgresDuplicates(self._sql).of(records), clusters_of(self._sql, records)
        return tuple(
            replace(each, near_duplicates=tuple(copies.get(each.record.id, ())), cluster=clusters.get(each.record.id))
            if each.record is not None and (each.record.id in copies or each.record.id in clusters)
            else each
            for each in changes
        )

    def last(self) -> Seq:
        """See ``Log.last``."""
        return Seq(self._sql.one("SELECT coalesce(max(seq), 0) FROM changes")[0])

    def before(self, moment: datetime) -> Seq:
        """See ``Log.before``."""
        row = self._sql.execute("SELECT seq FROM changes WHERE at>=%s ORDER BY seq LIMIT 1", (moment,)).fetchone()
        return self.last() if row is None else Seq(row[0] - 1)

    def note(self, notices: Iterable[Notice], feed: Feed | None, now: datetime) -> None:
        """See ``Log.note``."""
        for notice in notices:
            self._sql.execute(
                "INSERT INTO changes (seq, kind, feed_id, at, detail) VALUES (%s, %s, %s, %s, %s)",
                (take_seqs(self._sql), notice.kind, feed and feed.id, now, as_json(notice.detail)),
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
        at=at,
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
    guid: str | None, link: str | None, first_seen: datetime | None, raw: str | None, flags: Sequence[str] | None
) -> Sighting | None:
    if first_seen is None:
        return None
    return Sighting(
        guid=guid,
        link=link,
        first_seen=first_seen,
        published_raw=raw,
        date_flags=tuple(flags or ()),
    )
