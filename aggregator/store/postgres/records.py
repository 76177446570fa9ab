"""Stories, their sightings and their revisions in PostgreSQL."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from aggregator.model import Digest, Feed, Record, RecordPage, RecordRow, Selection, Seq
from aggregator.store.delay import applied
from aggregator.store.plan import Applied, Known, Plan
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.known import KnownStories
from aggregator.store.postgres.log import read_record
from aggregator.store.postgres.record_writes import Part
from aggregator.store.postgres.selecting import of_records
from aggregator.store.postgres.unwritten import Unwritten
from aggregator.store.records import EVERYTHING
from aggregator.store.sqlite.log import RECORD_COLUMNS

# A row is for writing: moments as the text that they are stored as in a file.
_TEXT = "to_char({}, 'YYYY-MM-DD HH24:MI:SS.US\"+00:00\"')"
_PUBLIC = (
    f"r.slug, r.title, r.summary, r.body_md, r.canonical_source, {_TEXT.format('r.published_at')},"
    f" {_TEXT.format('r.updated_at')}, r.lang, r.topics, r.entities"
)
_BATCH = 1000
_FAR = 2**62
_MOST_LOOKED_THROUGH = 5000  # for a page: some tens of milliseconds


class PostgresRecords:
    """The ``Records`` role."""

    def __init__(self, connection: Sql, unwritten: Unwritten) -> None:
        self._connection = connection
        self._unwritten = unwritten

    @property
    def _sql(self) -> Sql:
        """What is read is read with all that was planned."""
        self._unwritten.write()
        return self._connection

    def known(self, feed: Feed, digest: Digest) -> Known:
        """See ``Records.known``. What waits to be written is not known: ``apply`` finds out whether it matters."""
        return KnownStories(self._connection, feed.id).of(digest)

    def apply(self, plan: Plan, feed: Feed, now: datetime, *, again: bool = False) -> Applied:
        """See ``Records.apply``."""
        part = Part(plan=plan, feed_id=feed.id, now=now)
        if again:
            self._unwritten.write_now(part)
        else:
            self._unwritten.take(part)
        return applied(plan, now)

    def by_slug(self, slug: str) -> Record | None:
        """See ``Records.by_slug``."""
        row = self._sql.execute(
            f"SELECT {RECORD_COLUMNS} FROM records r"
            " WHERE r.id=(SELECT coalesce(merged_into, id) FROM records WHERE slug=%s)",
            (slug,),
        ).fetchone()
        return None if row is None else read_record(row)

    def count(self) -> int:
        """See ``Records.count``."""
        return int(self._sql.one("SELECT count(*) FROM records WHERE merged_into IS NULL")[0])

    def rows(self, selection: Selection = EVERYTHING) -> Iterator[Sequence[RecordRow]]:
        """See ``Records.rows``."""
        conditions, values = of_records(selection)
        after = -1
        # One statement a batch: a reader that is left half way holds nothing up (SQ-06).
        while batch := self._sql.execute(
            f"SELECT r.seq, {_PUBLIC} FROM records r"
            f" WHERE r.seq>%s AND r.merged_into IS NULL{conditions} ORDER BY r.seq LIMIT %s",
            (after, *values, _BATCH),
        ).fetchall():
            yield [row[1:] for row in batch]
            after = batch[-1][0]

    def page(self, selection: Selection, place: Seq | None, *, limit: int, newest_first: bool) -> RecordPage:
        """See ``Records.page``."""
        conditions, values = of_records(selection)
        beyond, within, order = ("<", ">=", "DESC") if newest_first else (">", "<=", "ASC")
        start = place if place is not None else _FAR if newest_first else -1
        bound = self._sql.execute(
            f"SELECT seq FROM records WHERE seq{beyond}%s ORDER BY seq {order} LIMIT 1 OFFSET %s",
            (start, _MOST_LOOKED_THROUGH - 1),
        ).fetchone()
        until, up_to = (f" AND r.seq{within}%s", (bound[0],)) if bound else ("", ())
        rows = self._sql.execute(
            f"SELECT r.seq, {_PUBLIC} FROM records r"
            f" WHERE r.seq{beyond}%s{until} AND r.merged_into IS NULL AND r.retracted_at IS NULL{conditions}"
            f" ORDER BY r.seq {order} LIMIT %s",
            (start, *up_to, *values, limit + 1),
        ).fetchall()
        following = rows[limit - 1][0] if len(rows) > limit else bound[0] if bound else None
        return RecordPage(rows=tuple(row[1:] for row in rows[:limit]), following=following)
