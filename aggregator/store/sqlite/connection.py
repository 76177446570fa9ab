"""Opening the file, the way WAL and foreign keys want it (SQ-*, SU-*)."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from aggregator.store.contract import StoreError

_BUSY_SECONDS = 30
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    # FULL: what a consumer was given is on disk before its cursor is (SQ-03).
    "PRAGMA synchronous=FULL",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA cache_size=-32768",
    "PRAGMA temp_store=MEMORY",
)


def connect(path: Path, *, checkpoints: bool) -> Database:
    """Open the database for writing, creating it 0600 (SQ-27: it may come to hold credentials).

    Only the process that polls folds the write-ahead log into the file: SQLite before 3.51.3 can corrupt a database
    when two connections do (SQ-04).
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    return _open(path, _PRAGMAS if checkpoints else (*_PRAGMAS, "PRAGMA wal_autocheckpoint=0"))


def connect_reader(path: Path) -> Database:
    """Open the database for reading only."""
    return _open(path, ("PRAGMA query_only=ON", "PRAGMA trusted_schema=OFF"))


def _open(path: Path, pragmas: tuple[str, ...]) -> Database:
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        for pragma in pragmas:
            connection.execute(pragma).fetchall()
    except sqlite3.Error as error:
        raise StoreError(f"cannot open the store {path}: {error}") from error
    # execute_plugins=False: a daemon runs no code that happens to be installed (SU-19).
    return Database(connection, execute_plugins=False)


@contextmanager
def transaction(db: Database, begin: str) -> Iterator[None]:
    """Run the block inside ``begin`` … COMMIT; roll back when it raises.

    ``BEGIN IMMEDIATE`` for whatever writes: a deferred one can fail at once with BUSY_SNAPSHOT (SQ-07, SU-02).
    """
    connection = db.conn
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk rolls back by itself (SQ-09).
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
