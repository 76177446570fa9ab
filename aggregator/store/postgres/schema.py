"""The tables, and how they become those of this version: by ``aggregator migrate`` and by nothing else."""

from datetime import UTC, datetime
from importlib.resources import files

from aggregator.store.contract import StoreError
from aggregator.store.postgres.connection import Sql, transaction
from aggregator.store.postgres.lock import MIGRATING, hold

VERSION = 1  # of the newest file in sql/

_EXISTS = "SELECT to_regclass('schema_versions') IS NOT NULL"
_MAKE = "CREATE TABLE schema_versions (version integer PRIMARY KEY, at timestamptz NOT NULL)"


def version_of(sql: Sql) -> int:
    """Return the version of the tables, 0 where there are none. Raises StoreError when this program is too old."""
    if not sql.one(_EXISTS)[0]:
        return 0
    (version,) = sql.one("SELECT coalesce(max(version), 0) FROM schema_versions")
    if version > VERSION:
        raise StoreError(
            f"a newer aggregator made this store (schema {version}, this one knows {VERSION}): use that one"
        )
    return int(version)


def expect_current(sql: Sql) -> None:
    """Raise StoreError where the tables are not those of this program."""
    version = version_of(sql)
    if version == 0:
        raise StoreError("the store has no tables yet: `aggregator migrate` makes them")
    if version < VERSION:
        raise StoreError(
            f"the store is of an older aggregator (schema {version}, this one needs {VERSION}): stop those that use it,"
            " then `aggregator migrate` brings it up to date"
        )


def migrate(sql: Sql) -> tuple[int, int]:
    """Bring the tables to this version, one transaction a step; return the versions before and after.

    Where two processes do, one waits for the other. Raises StoreError.
    """
    first: int | None = None
    while True:
        with transaction(sql, "BEGIN"):
            hold(sql, MIGRATING)
            before = version_of(sql)
            first = before if first is None else first
            if before == VERSION:
                return first, VERSION
            if before == 0:
                sql.execute(_MAKE)
            sql.execute(_statements(before + 1))
            sql.execute("INSERT INTO schema_versions VALUES (%s, %s)", (before + 1, datetime.now(UTC)))


def _statements(version: int) -> str:
    folder = files("aggregator.store.postgres") / "sql"
    (file,) = (each for each in folder.iterdir() if each.name.startswith(f"{version:03d}_"))
    return file.read_text(encoding="utf-8")
