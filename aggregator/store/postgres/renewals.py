"""Records that are enriched again, in PostgreSQL."""

from collections.abc import Iterable
from datetime import datetime

from aggregator.model import RecordId, Renewal, Selection, Stored
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.lock import WRITING_THE_LOG, hold
from aggregator.store.postgres.log import read_record
from aggregator.store.postgres.rewording import current, details_of, reword
from aggregator.store.postgres.selecting import of_records
from aggregator.store.renewals import RenewalPlace
from aggregator.store.sqlite.log import RECORD_COLUMNS
from aggregator.store.sqlite.renewals import read_stored
from aggregator.store.sqlite.rewording import STANDING
from aggregator.store.sqlite.values import as_json

_BEFORE_ALL = -1


class PostgresRenewals:
    """The ``Renewals`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def count(self, selection: Selection) -> int:
        """See ``Renewals.count``."""
        conditions, values = of_records(selection)
        return int(self._sql.one(f"SELECT count(*) FROM records r WHERE {STANDING}{conditions}", values)[0])

    def after(self, record: RecordId | None, selection: Selection, *, limit: int) -> list[Stored]:
        """See ``Renewals.after``."""
        conditions, values = of_records(selection)
        rows = self._sql.execute(
            f"SELECT {RECORD_COLUMNS}, r.revision, f.url, json_build_array(r.details->'provenance',"
            " r.details->'categories', r.details->'tags', r.details#>'{boilerplate,standing}')"
            " FROM records r JOIN feeds f ON f.id=r.feed_id"
            f" WHERE r.id>%s AND {STANDING}{conditions} ORDER BY r.id LIMIT %s",
            (_BEFORE_ALL if record is None else record, *values, limit),
        ).fetchall()
        return [read_stored(read_record(columns), revision, url, said) for *columns, revision, url, said in rows]

    def renew(self, renewals: Iterable[Renewal], now: datetime) -> int:
        """See ``Renewals.renew``."""
        hold(self._sql, WRITING_THE_LOG)
        return sum(self._renew(each, now) for each in renewals)

    def _renew(self, renewal: Renewal, now: datetime) -> bool:
        record = renewal.record.id
        before = current(self._sql, record, renewal.revision)
        if before is None:
            return False
        details = details_of(self._sql, [record])[record]  # a poll may have noted something since
        details["provenance"] = {**details.get("provenance", {}), **renewal.sources}
        if renewal.kinds is not None:
            details["entity_kinds"] = dict(renewal.kinds)
        if not renewal.changed:
            self._sql.execute("UPDATE records SET details=%s WHERE id=%s", (as_json(details), record))
            return False
        said = {"renewed": {field: renewal.sources[field] for field in renewal.changed}}
        reword(self._sql, before, renewal.changed, now, revision=renewal.revision, details=details, detail=said)
        return True

    def place(self, rules: str) -> RenewalPlace:
        """See ``Renewals.place``."""
        last, after, done = self._sql.one("SELECT rules, after, done FROM renewal_place")
        return RenewalPlace(rules=rules, after=after, done=done) if last == rules else RenewalPlace(rules=rules)

    def move(self, place: RenewalPlace) -> None:
        """See ``Renewals.move``."""
        self._sql.execute(
            "UPDATE renewal_place SET rules=%s, after=%s, done=%s", (place.rules, place.after, place.done)
        )
