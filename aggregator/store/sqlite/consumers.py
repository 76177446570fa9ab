"""Named readers of the change log."""

import sqlite3
from datetime import datetime

from aggregator.model import Seq
from aggregator.store.contract import ConsumerStatus
from aggregator.store.sqlite.values import moment, stamp


class SqliteConsumers:
    """The ``Consumers`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def cursor(self, name: str) -> Seq | None:
        """See ``Consumers.cursor``."""
        row = self._sql.execute("SELECT seq FROM consumers WHERE name=?", (name,)).fetchone()
        return None if row is None else Seq(row[0])

    def advance(self, name: str, seq: Seq, now: datetime) -> None:
        """See ``Consumers.advance``."""
        self._sql.execute(
            "INSERT INTO consumers (name, seq, at) VALUES (?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET seq=excluded.seq, at=excluded.at",
            (name, seq, stamp(now)),
        )

    def offset(self, name: str, path: str) -> int | None:
        """See ``Consumers.offset``."""
        row = self._sql.execute(
            "SELECT offset FROM consumer_files WHERE consumer=? AND path=?", (name, path)
        ).fetchone()
        return None if row is None else int(row[0])

    def set_offset(self, name: str, path: str, offset: int) -> None:
        """See ``Consumers.set_offset``."""
        self._sql.execute(
            "INSERT INTO consumer_files (consumer, path, offset) VALUES (?, ?, ?)"
            " ON CONFLICT (consumer, path) DO UPDATE SET offset=excluded.offset",
            (name, path, offset),
        )

    def drop(self, name: str) -> None:
        """See ``Consumers.drop``."""
        self._sql.execute("DELETE FROM consumer_files WHERE consumer=?", (name,))
        self._sql.execute("DELETE FROM consumers WHERE name=?", (name,))

    def statuses(self) -> list[ConsumerStatus]:
        """See ``Consumers.statuses``."""
        rows = self._sql.execute(
            "SELECT name, seq, at, (SELECT count(*) FROM changes WHERE changes.seq > consumers.seq)"
            " FROM consumers ORDER BY name"
        ).fetchall()
        return [ConsumerStatus(name=name, seq=Seq(seq), at=moment(at), lag=lag) for name, seq, at, lag in rows]
