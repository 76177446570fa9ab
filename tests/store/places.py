"""Where a store is, for tests that hold for every kind of store."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg


@dataclass(frozen=True, slots=True)
class Place:
    """The address of a store."""

    url: str

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Look at the store as any other program would."""
        with closing(self._connect()) as connection:
            found: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
        return found

    def change(self, sql: str) -> None:
        """Change it behind the program's back."""
        with closing(self._connect()) as connection:
            connection.execute(sql)
            connection.commit()

    def _connect(self) -> Any:
        if self.is_sqlite:
            return sqlite3.connect(self.url.removeprefix("sqlite:///"))
        return psycopg.connect(self.url)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file."""
        return self.url.startswith("sqlite:")


def place_of(where: Path | Place) -> Place:
    """Return the place itself, or that of a file in a folder."""
    return where if isinstance(where, Place) else Place(f"sqlite:///{where}/store.sqlite")
