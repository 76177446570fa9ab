"""Opening the file, the way WAL and foreign keys want it (SQ-*, SU-*)."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from aggregator.store.contract import StoreError, StoreLostError, StoreUnavailableError

_BUSY_SECONDS = 30
_PRAGMAS = (
    # A record has about 2.5 KB: on pages of 4 KB there is room for one, and two fifths of the file are air.
    "PRAGMA page_size=8192",
    # Before the first table: what is deleted can be given back to the disk (SQ-29).
    "PRAGMA auto_vacuum=INCREMENTAL",
    "PRAGMA journal_mode=WAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    # FULL: what a consumer was given is on disk before its cursor is (SQ-03).
    "PRAGMA synchronous=FULL",
    "PRAGMA journal_size_limit=67108864",
    # Folded in at 4 MB, which is what SQLite's own 1000 pages come to where they have 4 KB.
    "PRAGMA wal_autocheckpoint=512",
    # 4 MB: with four times as much a cold poll takes 12 MB more and is no faster.
    "PRAGMA cache_size=-4096",
    "PRAGMA temp_store=MEMORY",
)
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PASSING = {
    sqlite3.SQLITE_FULL: "there is no room for it",
    sqlite3.SQLITE_BUSY: "another process holds it",
    sqlite3.SQLITE_LOCKED: "another process holds it",
    sqlite3.SQLITE_READONLY: "it may only be read",
    sqlite3.SQLITE_PERM: "it may not be opened",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk does not take it",
}


def connect(path: Path, *, checkpoints: bool) -> Database:
    """Open the database for writing, creating it 0600 (SQ-27: it may come to hold credentials).

    Only the process that polls folds the write-ahead log into the file: SQLite before 3.51.3 can corrupt a database
    when two connections do (SQ-04). Raises StoreError.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnavailableError(f"cannot make the store {path}: {error.strerror}") from error
    return _open(path, _PRAGMAS if checkpoints else (*_PRAGMAS, "PRAGMA wal_autocheckpoint=0"))


def connect_reader(path: Path, *, one_thread: bool = True) -> Database:
    """Open the database for reading only; not ``one_thread``: by one thread at a time. Raises StoreError."""
    if not path.exists():  # SQLite would make an empty one, and throw away the log beside it
        raise StoreError(f"there is no store at {path} any more")
    return _open(path, ("PRAGMA query_only=ON", "PRAGMA trusted_schema=OFF"), one_thread=one_thread)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file is no sound database."""
    return _primary(error) in _DAMAGED


def explained(error: sqlite3.Error, path: Path) -> StoreError | None:
    """Return what an error of the database means for the store; None for one that is a bug."""
    primary = _primary(error)
    if primary in _DAMAGED:
        return StoreLostError(
            f"the store {path} is damaged ({error}): stop what uses it, and put a backup in its place"
        )
    if primary in _PASSING:
        return StoreUnavailableError(f"cannot use the store {path}: {_PASSING[primary]} ({error})")
    return None


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Raise StoreError for an error of the database in the block that is no bug."""
    try:
        yield
    except sqlite3.Error as error:
        trouble = explained(error, path)
        if trouble is None:
            raise
        raise trouble from error


@contextmanager
def transaction(db: Database, path: Path, begin: str) -> Iterator[None]:
    """Run the block inside ``begin`` … COMMIT; roll back when it raises. Raises StoreError for what is no bug.

    ``BEGIN IMMEDIATE`` for whatever writes: a deferred one can fail at once with BUSY_SNAPSHOT (SQ-07, SU-02).
    """
    connection = db.conn
    with explaining(path):
        connection.execute(begin)
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            # A full disk rolls back by itself (SQ-09).
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def savepoint(db: Database, path: Path) -> Iterator[None]:
    """Run the block inside a transaction; undo it alone when it raises. Raises StoreError for what is no bug.

    StoreUnavailableError where that left nothing of the transaction.
    """
    connection = db.conn
    with explaining(path):
        connection.execute("SAVEPOINT apart")
        try:
            yield
        except BaseException as error:
            if not connection.in_transaction:  # it rolled back by itself, with what was done before the block (SQ-09)
                trouble = explained(error, path) if isinstance(error, sqlite3.Error) else None
                raise trouble or StoreUnavailableError(f"cannot use the store {path}: {error}") from error
            connection.execute("ROLLBACK TO apart")
            connection.execute("RELEASE apart")
            raise
        connection.execute("RELEASE apart")


def _primary(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _open(path: Path, pragmas: tuple[str, ...], *, one_thread: bool = True) -> Database:
    connection = None
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=one_thread)
        for pragma in pragmas:
            connection.execute(pragma).fetchall()
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise explained(error, path) or StoreError(
            f"cannot open the store {path}: {error}: see `aggregator doctor`"
        ) from error
    # execute_plugins=False: a daemon runs no code that happens to be installed (SU-19).
    return Database(connection, execute_plugins=False)
