"""Putting a backup in the store's place, and the store aside."""

import os
import sqlite3
from datetime import datetime
from pathlib import Path

from aggregator.store.contract import StoreError
from aggregator.store.sqlite.backup import write_backup
from aggregator.store.sqlite.connection import explained
from aggregator.store.sqlite.lock import Lock
from aggregator.store.sqlite.schema import APPLICATION_ID, VERSION

_PARTS = ("", "-wal", "-shm")


def restore(source: Path, store: Path, now: datetime, *, owner: str) -> Path | None:
    """Make ``store`` what the backup holds; return where the store that was there is now, None where there was none.

    The backup is read through and copied first: where that fails, nothing has happened. Raises StoreError, or
    StoreBusyError while a process polls the store.
    """
    fresh = store.with_name(f".{store.name}.restored")
    with Lock(store.with_name(f"{store.name}.lock")).held(owner):
        _copy(source, fresh)
        try:
            _give_to_owner(fresh, store)
            aside = _put_aside(store, now)
            fresh.replace(store)
        except OSError as error:
            raise StoreError(f"cannot put the backup in the place of {store}: {error.strerror}") from error
        finally:
            fresh.unlink(missing_ok=True)
    return aside


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise StoreError(f"there is no backup at {source}")
    try:
        connection = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
        try:
            _expect_ours(connection, source)
            write_backup(connection, source, target, replace=True)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreError(f"cannot read {source}: {explained(error, source) or error}") from error


def _expect_ours(connection: sqlite3.Connection, source: Path) -> None:
    (ours,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if ours != APPLICATION_ID:
        raise StoreError(f"{source} is no store of aggregator")
    if version > VERSION:
        raise StoreError(
            f"{source} was written by a newer aggregator (schema {version}, this one has {VERSION}): upgrade"
        )


def _give_to_owner(fresh: Path, store: Path) -> None:
    """Have root leave the file to whoever had the store, or has its folder: a service could not open root's."""
    whose = (store if store.exists() else store.parent).stat()
    if os.geteuid() == 0:
        os.chown(fresh, whose.st_uid, whose.st_gid)


def _put_aside(store: Path, now: datetime) -> Path | None:
    """Rename the store with its log, which belongs to no other file."""
    if not store.exists():
        return None
    aside = store.with_name(f"{store.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")
    for part in _PARTS:
        old = store.with_name(store.name + part)
        if old.exists():
            old.rename(aside.with_name(aside.name + part))
    return aside
