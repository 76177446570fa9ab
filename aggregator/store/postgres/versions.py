"""Which version the tables are of."""

from aggregator.store.errors import StoreError
from aggregator.store.postgres.connection import Sql

VERSION = 5  # of the newest file in sql/

_EXISTS = "SELECT to_regclass('schema_versions') IS NOT NULL"


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
