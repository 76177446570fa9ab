"""Looking for what is wrong with the file, and with where it lies. Changes nothing."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.model import Finding
from aggregator.store.contract import StoreError
from aggregator.store.sqlite.connection import connect_reader, explaining, is_damage
from aggregator.store.sqlite.contents import misfits
from aggregator.store.sqlite.place import place_findings
from aggregator.store.sqlite.schema import VERSION, version_of
from aggregator.store.sqlite.values import moment
from aggregator.store.sqlite.versions import has_wal_reset_bug

_CLOCK_SLACK = timedelta(minutes=1)
_RESTORE = "stop what uses the store, and put a backup in its place; `sqlite3 FILE .recover` saves what can be read"


def examine(path: Path, now: datetime) -> Iterator[Finding]:
    """Yield what is wrong with the store at ``path``: SQLite itself, the place, the file, what is in it."""
    yield from sqlite_findings(sqlite3.sqlite_version_info)
    yield from place_findings(path)
    try:
        db = connect_reader(path)
        try:
            with explaining(path):
                yield from _file(db.conn, now)
        finally:
            db.close()
    except StoreError as error:
        yield Finding(check="store", severity="problem", message=str(error), advice=_RESTORE)


def sqlite_findings(version: tuple[int, ...]) -> Iterator[Finding]:
    """Yield the known bugs of a version of SQLite."""
    if has_wal_reset_bug(version):
        yield Finding(
            check="sqlite",
            severity="warning",
            message=f"SQLite {'.'.join(map(str, version))} can damage a file when two connections checkpoint at once",
            advice="the aggregator does so from one connection only, and whatever else writes to the file should not;"
            " SQLite 3.51.3 is free of it",
        )


def first_damage(connection: sqlite3.Connection) -> str | None:
    """Return the first damage that SQLite finds in the file. What is no damage, such as a lock, is raised."""
    try:
        ((verdict,), *_) = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            return str(error)
        raise
    return None if verdict == "ok" else str(verdict)


def _file(connection: sqlite3.Connection, now: datetime) -> Iterator[Finding]:
    damage = first_damage(connection)
    if damage is not None:
        yield Finding(
            check="quick-check", severity="problem", message=f"the file is damaged: {damage}", advice=_RESTORE
        )
        return
    connection.execute("BEGIN")  # so that a poll that is committed meanwhile confuses nobody
    try:
        version = version_of(connection)
    except StoreError as error:
        yield Finding(check="schema", severity="problem", message=str(error), advice="use the newer aggregator")
        return
    if version < VERSION:
        yield Finding(
            check="schema",
            severity="warning",
            message=f"an older aggregator wrote this store (schema {version}, this one writes {VERSION})",
            advice="`aggregator run` or `poll` brings it up to date, and copies it before",
        )
        return
    yield from misfits(connection)
    yield from _clock(connection, now)


def _clock(connection: sqlite3.Connection, now: datetime) -> Iterator[Finding]:
    (latest,) = connection.execute("SELECT max(finished_at) FROM polls").fetchone()
    if latest is not None and moment(latest) > now + _CLOCK_SLACK:
        yield Finding(
            check="clock",
            severity="problem",
            message=f"the last poll ended at {latest[:19]} UTC, which is to come: a clock is or was wrong",
            advice="set the clock (and let NTP keep it); the schedule mends itself when the daemon starts",
        )
