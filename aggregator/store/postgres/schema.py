"""The tables, and how they become those of this version: by ``aggregator migrate`` and by nothing else."""

from datetime import UTC, datetime
from importlib.resources import files

from aggregator.store.postgres.connection import Sql, transaction
from aggregator.store.postgres.lock import MIGRATING, hold
from aggregator.store.postgres.queue_tables import bring_up
from aggregator.store.postgres.versions import VERSION, version_of

_MAKE = "CREATE TABLE schema_versions (version integer PRIMARY KEY, at timestamptz NOT NULL)"


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
                bring_up(sql)
                return first, VERSION
            if before == 0:
                sql.execute(_MAKE)
            sql.execute(_statements(before + 1))
            sql.execute("INSERT INTO schema_versions VALUES (%s, %s)", (before + 1, datetime.now(UTC)))


def _statements(version: int) -> str:
    folder = files("aggregator.store.postgres") / "sql"
    (file,) = (each for each in folder.iterdir() if each.name.startswith(f"{version:03d}_"))
    return file.read_text(encoding="utf-8")
