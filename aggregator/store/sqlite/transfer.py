"""A file as a source of copies, and as what is copied into."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from aggregator.store.contract import StoreError
from aggregator.store.copying import BATCH, Rows
from aggregator.store.sqlite.connection import connect, connect_reader, explaining, transaction
from aggregator.store.sqlite.schema import expect_current


class SqliteSource:
    """A ``Source`` in a transaction for reading."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def count(self, table: str) -> int:
        """See ``Source.count``."""
        return int(self._sql.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - names of ours

    def columns(self, table: str) -> Sequence[str]:
        """See ``Source.columns``: generated ones are not stored, and not listed."""
        return [name for _, name, *_ in self._sql.execute(f"PRAGMA table_info({table})").fetchall()]

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Rows]:
        """See ``Source.rows``."""
        cursor = self._sql.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 - names of ours
        while rows := cursor.fetchmany(BATCH):
            yield rows

    def last_seq(self) -> int:
        """See ``Source.last_seq``."""
        return int(
            self._sql.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name='changes'").fetchone()[0]
        )


class SqliteTarget(SqliteSource):
    """A ``Target`` in a transaction for writing."""

    def write(self, table: str, columns: Sequence[str], batches: Iterable[Rows]) -> int:
        """See ``Target.write``."""
        self._sql.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
        marks = ", ".join("?" * len(columns))
        insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names of ours
        return sum(self._sql.executemany(insert, rows).rowcount for rows in batches)

    def finish(self, last_seq: int) -> None:
        """See ``Target.finish``."""
        self._sql.execute("DELETE FROM sqlite_sequence WHERE name='changes'")
        self._sql.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('changes', ?)", (last_seq,))
        if strays := self._sql.execute("PRAGMA foreign_key_check").fetchall():
            raise StoreError(
                f"{len(strays)} rows point at rows that are not there, the first of them in {strays[0][0]}"
            )


@contextmanager
def reading_file(path: Path) -> Iterator[SqliteSource]:
    """Offer the file as it is now."""
    db = connect_reader(path)
    try:
        with transaction(db, path, "BEGIN"):
            expect_current(db)
            yield SqliteSource(db.conn)
    finally:
        db.close()


@contextmanager
def writing_file(path: Path, migrate: Callable[[Database, Path], None]) -> Iterator[SqliteTarget]:
    """Offer a new file under a name of its own, which becomes ``path`` when it is whole."""
    if path.exists():
        raise StoreError(f"{path} exists already: a copy goes into a new file")
    unfinished = path.with_name(f"{path.name}.unfinished")
    _remove(unfinished)  # of a copy that was killed
    try:
        db = connect(unfinished, checkpoints=True)
        try:
            with explaining(unfinished):
                db.conn.execute("PRAGMA foreign_keys=OFF")  # records that were merged may point at later ones
                migrate(db, unfinished)
            with transaction(db, unfinished, "BEGIN IMMEDIATE"):
                yield SqliteTarget(db.conn)
            db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            db.close()
        os.link(unfinished, path)  # never over a file that came meanwhile
    finally:
        _remove(unfinished)


def _remove(path: Path) -> None:
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        each.unlink(missing_ok=True)
