"""Wishes for a reload, in SQLite."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aggregator.store.reloads import Reload
from aggregator.store.sqlite.values import moment, moment_or_none, stamp

_SELECT = "SELECT id, asked_at, force, done_at, taken, message FROM reloads"


class SqliteReloads:
    """The ``Reloads`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def ask(self, now: datetime, *, force: bool) -> int:
        """See ``Reloads.ask``."""
        self._sql.execute("INSERT INTO reloads (asked_at, force) VALUES (?, ?)", (stamp(now), force))
        (wish,) = self._sql.execute("SELECT last_insert_rowid()").fetchone()
        return int(wish)

    def waiting(self) -> Reload | None:
        """See ``Reloads.waiting``."""
        return self._one("WHERE done_at IS NULL ORDER BY id LIMIT 1")

    def find(self, wish: int) -> Reload | None:
        """See ``Reloads.find``."""
        return self._one("WHERE id=?", wish)

    def answer(self, wish: int, now: datetime, *, taken: bool, message: str) -> None:
        """See ``Reloads.answer``."""
        self._sql.execute(
            "UPDATE reloads SET done_at=?, taken=?, message=? WHERE id=?", (stamp(now), taken, message, wish)
        )
        self._sql.execute("DELETE FROM reloads WHERE id<? AND done_at IS NOT NULL", (wish,))

    def withdraw(self, wish: int) -> bool:
        """See ``Reloads.withdraw``."""
        return self._sql.execute("DELETE FROM reloads WHERE id=? AND done_at IS NULL", (wish,)).rowcount == 1

    def last(self) -> Reload | None:
        """See ``Reloads.last``."""
        return self._one("WHERE done_at IS NOT NULL ORDER BY id DESC LIMIT 1")

    def in_use(self) -> str | None:
        """See ``Reloads.in_use``."""
        row = self._sql.execute("SELECT settings FROM settings_in_use").fetchone()
        return None if row is None else str(row[0])

    def put_in_use(self, settings: str) -> None:
        """See ``Reloads.put_in_use``."""
        self._sql.execute("DELETE FROM settings_in_use")
        self._sql.execute("INSERT INTO settings_in_use VALUES (?)", (settings,))

    def clear(self) -> None:
        """See ``Reloads.clear``."""
        self._sql.execute("DELETE FROM reloads")

    def _one(self, where: str, *values: object) -> Reload | None:
        row = self._sql.execute(f"{_SELECT} {where}", values).fetchone()
        return row and _reload(row)


def _reload(row: Sequence[Any]) -> Reload:
    wish, asked, force, done, taken, message = row
    return Reload(
        id=wish,
        asked_at=moment(asked),
        force=bool(force),
        done_at=moment_or_none(done),
        taken=bool(taken),
        message=message,
    )
