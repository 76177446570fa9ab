"""Stories, their sightings and their revisions in SQLite."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime

from aggregator.model import Digest, Feed, Record, RecordRow, Selection
from aggregator.store.contract import EVERYTHING
from aggregator.store.plan import Applied, Known, Plan
from aggregator.store.sqlite.known import KnownStories
from aggregator.store.sqlite.log import RECORD_COLUMNS, read_record
from aggregator.store.sqlite.record_writes import RecordWrites
from aggregator.store.sqlite.selecting import of_records

_PUBLIC = RECORD_COLUMNS.removeprefix("r.id, ")
_BATCH = 1000


class SqliteRecords:
    """The ``Records`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def known(self, feed: Feed, digest: Digest) -> Known:
        """See ``Records.known``."""
        return KnownStories(self._sql, feed.id).of(digest)

    def apply(self, plan: Plan, feed: Feed, now: datetime) -> Applied:
        """See ``Records.apply``."""
        return RecordWrites(self._sql, feed.id, now).apply(plan)

    def by_slug(self, slug: str) -> Record | None:
        """See ``Records.by_slug``."""
        row = self._sql.execute(
            f"SELECT {RECORD_COLUMNS} FROM records r"  # noqa: S608 - constants only
            " WHERE r.id=(SELECT coalesce(merged_into, id) FROM records WHERE slug=?)",
            (slug,),
        ).fetchone()
        return None if row is None else read_record(row)

    def count(self) -> int:
        """See ``Records.count``."""
        return int(self._sql.execute("SELECT count(*) FROM records WHERE merged_into IS NULL").fetchone()[0])

    def rows(self, selection: Selection = EVERYTHING) -> Iterator[Sequence[RecordRow]]:
        """See ``Records.rows``."""
        conditions, values = of_records(selection)
        after = -1
        # One statement a batch: a reader that is left half way holds nothing up (SQ-06).
        while batch := self._sql.execute(
            f"SELECT r.seq, {_PUBLIC} FROM records r"  # noqa: S608 - constants and question marks only
            f" WHERE r.seq>? AND r.merged_into IS NULL{conditions} ORDER BY r.seq LIMIT ?",
            (after, *values, _BATCH),
        ).fetchall():
            yield [row[1:] for row in batch]
            after = batch[-1][0]
