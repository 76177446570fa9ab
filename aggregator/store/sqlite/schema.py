"""The tables, and how a file of an older version becomes one of this version (SQ-17, SU-16)."""

import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlite_utils import Database, Migrations

from aggregator.store.contract import StoreError
from aggregator.store.sqlite import later_tables, tables
from aggregator.store.sqlite.backup import write_backup

APPLICATION_ID = 0x61676772  # "aggr"
VERSION = 16

migrations = Migrations("aggregator")


@migrations()
def m001_first(db: Database) -> None:
    """Create everything."""
    _execute(db, *tables.FIRST, f"PRAGMA application_id={APPLICATION_ID}")


@migrations()
def m002_origin_budgets(db: Database) -> None:
    """Keep what an origin taught us about its pace, and where a feed's host was last found."""
    _execute(db, *tables.ORIGIN_BUDGETS)


@migrations()
def m003_feed_lifecycle(db: Database) -> None:
    """Let feeds have a history, and polls bounds to be audited by."""
    _execute(db, *tables.FEED_LIFECYCLE)


@migrations()
def m004_rule_versions(db: Database) -> None:
    """Find records whose keys are of older rules."""
    _execute(db, *tables.RULE_VERSIONS)


@migrations()
def m005_identity(db: Database) -> None:
    """Let records merge, part again and be retracted, and say how entries were found to be theirs."""
    _execute(db, *tables.IDENTITY)


@migrations()
def m006_deliveries(db: Database) -> None:
    """Let files have parts that are closed, and outputs remember what they could not deliver."""
    _execute(db, *tables.DELIVERIES)


@migrations()
def m007_retention(db: Database) -> None:
    """Remember entries that are no records, and find the oldest records."""
    _execute(db, *tables.RETENTION)


@migrations()
def m008_enrichment(db: Database) -> None:
    """Find near copies of texts; keep what a model answered, and what that cost."""
    _execute(db, *later_tables.DUPLICATES, *later_tables.REFINEMENTS)


@migrations()
def m009_browsing(db: Database) -> None:
    """Let people browse and search."""
    _execute(db, *later_tables.BROWSING)


@migrations()
def m010_raw_documents(db: Database) -> None:
    """Let documents be kept as they were read."""
    _execute(db, *later_tables.RAW_DOCUMENTS)


@migrations()
def m011_push(db: Database) -> None:
    """Remember what hubs offer, and what is subscribed to."""
    _execute(db, *later_tables.PUSH)


@migrations()
def m012_clusters(db: Database) -> None:
    """Find records that tell of one event, by their titles."""
    _execute(db, *later_tables.CLUSTERS)


@migrations()
def m013_delays(db: Database) -> None:
    """Let polls say how long after their publication stories were found."""
    _execute(db, *later_tables.DELAYS)


@migrations()
def m014_renewals(db: Database) -> None:
    """Keep how far stored records have been enriched by the rules of today."""
    _execute(db, *later_tables.RENEWALS)


@migrations()
def m015_reloads(db: Database) -> None:
    """Let other processes wish for a reload of the configuration."""
    _execute(db, *later_tables.RELOADS)


@migrations()
def m016_in_use(db: Database) -> None:
    """Keep which file cannot be written, and the settings that a daemon works by."""
    _execute(db, *later_tables.IN_USE)


def migrate(db: Database, path: Path) -> None:
    """Bring the file to this version; what an older one wrote is copied first, beside it.

    Raises StoreError when a newer version wrote it, or another program, or the copy cannot be made.
    """
    ours = db.conn.execute("PRAGMA application_id").fetchone()[0]
    if ours not in {0, APPLICATION_ID} or (ours == 0 and _tables(db)):
        raise StoreError(f"{path} belongs to another program: name another file in [store] url")
    version = version_of(db.conn)
    if version < VERSION:
        if version:
            write_backup(db.conn, path, path.with_name(f"{path.name}.version-{version}"), replace=True)
        migrations.apply(db)
        db.conn.execute(f"PRAGMA user_version={VERSION}")
        _let_shrink(db.conn)


def expect_current(db: Database) -> None:
    """Raise StoreError where the file is of another version: a reader does not migrate it."""
    if version_of(db.conn) < VERSION:
        raise StoreError("an older aggregator wrote this store: `aggregator run` or `poll` brings it up to date")


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of the file. Raises StoreError when it is newer than this program."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise StoreError(
            f"a newer aggregator wrote this store (schema {version}, this one reads {VERSION}): install that one again,"
            f" or put back the copy it made beside the store (its name ends in .version-{VERSION})"
        )
    return version


def _let_shrink(connection: sqlite3.Connection) -> None:
    """Rebuild a file that was made without it so that it can give pages back; where there is no room, it cannot."""
    if connection.execute("PRAGMA auto_vacuum").fetchone()[0]:
        return
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA temp_store=FILE")  # it may be larger than memory
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        connection.execute("VACUUM")
    connection.execute("PRAGMA temp_store=MEMORY")


def _tables(db: Database) -> list[str]:
    """Return the tables, but for those that litestream keeps in a database it copies (SQ-16)."""
    return [name for name in db.table_names() if not name.startswith("_litestream_")]


def _execute(db: Database, *statements: str) -> None:
    for statement in statements:
        db.conn.execute(statement)
