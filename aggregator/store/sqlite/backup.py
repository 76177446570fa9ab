"""A sound copy of the file, made while others write to it (SQ-12): never ``cp``, which tears a database in use."""

import os
import sqlite3
import tempfile
from pathlib import Path

from aggregator.store.contract import StoreError
from aggregator.store.sqlite.connection import explained


def write_backup(connection: sqlite3.Connection, source: Path, target: Path, *, replace: bool = False) -> None:
    """Write what the connection sees to ``target``: copied, checked, on the disk, and only then under its name.

    Raises StoreError where that cannot be, or where ``target`` exists and is not to be replaced.
    """
    if target.exists() and not replace:
        raise StoreError(f"{target} exists already: name another file")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")  # 0600 (SQ-27)
        os.close(descriptor)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror}") from error
    temporary = Path(name)
    try:
        connection.execute("VACUUM INTO ?", (name,))
        _check(temporary)
        _sync(temporary)
        temporary.replace(target)
        _sync(target.parent)
    except sqlite3.Error as error:
        raise StoreError(f"cannot copy the store to {target}: {explained(error, source) or error}") from error
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def _check(path: Path) -> None:
    """Read the copy once: a backup that nobody can read is found now, not when it is needed."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        ((verdict,), *_) = connection.execute("PRAGMA quick_check").fetchall()
    finally:
        connection.close()
    if verdict != "ok":
        raise StoreError(f"the copy is damaged, and so perhaps is the store ({verdict}): see `aggregator doctor`")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
