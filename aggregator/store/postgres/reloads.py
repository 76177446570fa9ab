"""Wishes for a reload, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aggregator.store.postgres.connection import Sql
from aggregator.store.reloads import Reload

_SELECT = "SELECT id, asked_at, force, done_at, taken, message FROM reloads"


class PostgresReloads:
    """The ``Reloads`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def ask(self, now: datetime, *, force: bool) -> int:
        """See ``Reloads.ask``."""
        (wish,) = self._sql.one("INSERT INTO reloads (asked_at, force) VALUES (%s, %s) RETURNING id", (now, force))
        return int(wish)

    def waiting(self) -> Reload | None:
        """See ``Reloads.waiting``."""
        return self._one("WHERE done_at IS NULL ORDER BY id LIMIT 1")

    def find(self, wish: int) -> Reload | None:
        """See ``Reloads.find``."""
        return self._one("WHERE id=%s", wish)

    def answer(self, wish: int, now: datetime, *, taken: bool, message: str) -> None:
        """See ``Reloads.answer``."""
        self._sql.execute(
            "UPDATE reloads SET done_at=%s, taken=%s, message=%s WHERE id=%s", (now, taken, message, wish)
        )
        self._sql.execute("DELETE FROM reloads WHERE id<%s AND done_at IS NOT NULL", (wish,))

    def withdraw(self, wish: int) -> bool:
        """See ``Reloads.withdraw``."""
        return self._sql.execute("DELETE FROM reloads WHERE id=%s AND done_at IS NULL", (wish,)).rowcount == 1

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
        self._sql.execute("INSERT INTO settings_in_use VALUES (%s)", (settings,))

    def clear(self) -> None:
        """See ``Reloads.clear``."""
        self._sql.execute("DELETE FROM reloads")

    def _one(self, where: str, *values: object) -> Reload | None:
        row = self._sql.execute(f"{_SELECT} {where}", values).fetchone()
        return None if row is None else _reload(row)


def _reload(row: Sequence[Any]) -> Reload:
    wish, asked, force, done, taken, message = row
    return Reload(id=wish, asked_at=asked, force=force, done_at=done, taken=taken, message=message)
