"""Named readers of the change log."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from aggregator.model import FilePlace, Seq
from aggregator.store.postgres.connection import Sql
from aggregator.store.readers import ConsumerStatus, newest_file

_FILE = 'path, base, part, "offset", first_seq, last_seq, closed'


class PostgresConsumers:
    """The ``Consumers`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def cursor(self, name: str) -> Seq | None:
        """See ``Consumers.cursor``."""
        row = self._sql.execute("SELECT seq FROM consumers WHERE name=%s", (name,)).fetchone()
        return None if row is None else Seq(row[0])

    def advance(self, name: str, seq: Seq, now: datetime) -> None:
        """See ``Consumers.advance``."""
        self._sql.execute(
            "INSERT INTO consumers (name, seq, at) VALUES (%s, %s, %s)"
            " ON CONFLICT (name) DO UPDATE SET seq=excluded.seq, at=excluded.at",
            (name, seq, now),
        )

    def file(self, name: str, base: str) -> FilePlace | None:
        """See ``Consumers.file``."""
        files = self._files("base=%s ORDER BY part DESC LIMIT 1", name, base)
        return files[0] if files else None

    def open_files(self, name: str) -> list[FilePlace]:
        """See ``Consumers.open_files``."""
        return self._files("NOT closed", name)

    def put_file(self, name: str, file: FilePlace) -> None:
        """See ``Consumers.put_file``."""
        self._sql.execute(
            f"INSERT INTO consumer_files (consumer, {_FILE}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (consumer, path) DO UPDATE SET base=excluded.base, part=excluded.part,"
            ' "offset"=excluded."offset", first_seq=excluded.first_seq, last_seq=excluded.last_seq,'
            " closed=excluded.closed",
            (name, file.path, file.base, file.part, file.length, file.first_seq, file.last_seq, file.closed),
        )

    def drop(self, name: str) -> None:
        """See ``Consumers.drop``."""
        for table in ("consumer_files", "deliveries"):
            self._sql.execute(f"DELETE FROM {table} WHERE consumer=%s", (name,))
        self._sql.execute("DELETE FROM consumers WHERE name=%s", (name,))

    def tell(self, name: str, trouble: str | None, now: datetime) -> None:
        """See ``Consumers.tell``."""
        if trouble is None:
            self._sql.execute("UPDATE consumers SET trouble=NULL, trouble_since=NULL WHERE name=%s", (name,))
            return
        self._sql.execute(
            "INSERT INTO consumers (name, seq, at, trouble, trouble_since) VALUES (%s, 0, %s, %s, %s)"
            " ON CONFLICT (name) DO UPDATE SET trouble=excluded.trouble,"
            " trouble_since=coalesce(consumers.trouble_since, excluded.trouble_since)",
            (name, now, trouble, now),
        )

    def relieve(self, others_than: Collection[str]) -> None:
        """See ``Consumers.relieve``."""
        for status in self.statuses():
            if status.trouble is not None and status.name not in others_than:
                self.tell(status.name, None, status.at)

    def statuses(self) -> list[ConsumerStatus]:
        """See ``Consumers.statuses``."""
        rows = self._sql.execute(
            "SELECT name, seq, at, (SELECT count(*) FROM changes WHERE changes.seq > consumers.seq),"
            " (SELECT count(*) FROM deliveries WHERE consumer=name AND dead_at IS NULL),"
            " (SELECT count(*) FROM deliveries WHERE consumer=name AND dead_at IS NOT NULL), stopped,"
            " trouble, trouble_since"
            " FROM consumers ORDER BY name"
        ).fetchall()
        return [self._status(row) for row in rows]

    def _status(self, row: Sequence[Any]) -> ConsumerStatus:
        name, seq, at, lag, waiting, dead, stopped, trouble, since = row
        file = newest_file(self.open_files(name))
        return ConsumerStatus(
            name=name,
            seq=Seq(seq),
            at=at,
            lag=lag,
            waiting=waiting,
            dead=dead,
            stopped=stopped,
            trouble=trouble,
            trouble_since=since,
            path=file.path if file else None,
            part=file.part if file else 1,
        )

    def _files(self, condition: str, *values: str) -> list[FilePlace]:
        rows = self._sql.execute(
            f"SELECT {_FILE} FROM consumer_files WHERE consumer=%s AND {condition}",
            values,
        ).fetchall()
        return [
            FilePlace(
                path=path, base=base, part=part, length=length, first_seq=first, last_seq=last, closed=bool(closed)
            )
            for path, base, part, length, first, last, closed in rows
        ]
