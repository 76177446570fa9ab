"""Records that are enriched again, in SQLite."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

import orjson

from aggregator.model import Record, RecordId, Renewal, Selection, Stored
from aggregator.store.renewals import RenewalPlace
from aggregator.store.sqlite.log import RECORD_COLUMNS, read_record
from aggregator.store.sqlite.rewording import STANDING, current, details_of, reword
from aggregator.store.sqlite.selecting import of_records
from aggregator.store.sqlite.values import as_json

_BEFORE_ALL = -1


class SqliteRenewals:
    """The ``Renewals`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def count(self, selection: Selection) -> int:
        """See ``Renewals.count``."""
        conditions, values = of_records(selection)
        found = self._sql.execute(f"SELECT count(*) FROM records r WHERE {STANDING}{conditions}", values)  # noqa: S608
        return int(found.fetchone()[0])

    def after(self, record: RecordId | None, selection: Selection, *, limit: int) -> list[Stored]:
        """See ``Renewals.after``."""
        conditions, values = of_records(selection)
        rows = self._sql.execute(
            f"SELECT {RECORD_COLUMNS}, r.revision, f.url, json_extract(r.details, '$.provenance', '$.categories',"  # noqa: S608
            " '$.tags', '$.boilerplate.standing') FROM records r JOIN feeds f ON f.id=r.feed_id"
            f" WHERE r.id>? AND {STANDING}{conditions} ORDER BY r.id LIMIT ?",
            (_BEFORE_ALL if record is None else record, *values, limit),
        ).fetchall()
        return [read_stored(read_record(columns), revision, url, said) for *columns, revision, url, said in rows]

    def renew(self, renewals: Iterable[Renewal], now: datetime) -> int:
        """See ``Renewals.renew``."""
        return sum(self._renew(each, now) for each in renewals)

    def _renew(self, renewal: Renewal, now: datetime) -> bool:
        record = renewal.record.id
        before = current(self._sql, record, renewal.revision)
        if before is None:
            return False
        details = details_of(self._sql, record)  # a poll may have noted something since
        details["provenance"] = {**details.get("provenance", {}), **renewal.sources}
        if renewal.kinds is not None:
            details["entity_kinds"] = dict(renewal.kinds)
        if not renewal.changed:
            self._sql.execute("UPDATE records SET details=? WHERE id=?", (as_json(details), record))
            return False
        said = {"renewed": {field: renewal.sources[field] for field in renewal.changed}}
        reword(self._sql, before, renewal.changed, now, revision=renewal.revision, details=details, detail=said)
        return True

    def place(self, rules: str) -> RenewalPlace:
        """See ``Renewals.place``."""
        last, after, done = self._sql.execute("SELECT rules, after, done FROM renewal_place").fetchone()
        return RenewalPlace(rules=rules, after=after, done=bool(done)) if last == rules else RenewalPlace(rules=rules)

    def move(self, place: RenewalPlace) -> None:
        """See ``Renewals.move``."""
        self._sql.execute("UPDATE renewal_place SET rules=?, after=?, done=?", (place.rules, place.after, place.done))


def read_stored(record: Record, revision: int, feed_url: str, said: str) -> Stored:
    """Return a record with what else is known of it; ``said`` is JSON of four of its details."""
    provenance, categories, tags, standing = orjson.loads(said)
    return Stored(
        record=record,
        revision=revision,
        feed_url=feed_url,
        provenance=provenance or {},
        categories=tuple(categories or ()),
        tags=tuple(tags or ()),
        standing=standing or 0,
    )
