"""The SQLite store and its unit of work."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from aggregator.store.contract import StoreError
from aggregator.store.sqlite.connection import connect, connect_reader, transaction
from aggregator.store.sqlite.consumers import SqliteConsumers
from aggregator.store.sqlite.deliveries import SqliteDeliveries
from aggregator.store.sqlite.feeds import SqliteFeeds
from aggregator.store.sqlite.keys import SqliteKeys
from aggregator.store.sqlite.lock import exclusive
from aggregator.store.sqlite.log import SqliteLog
from aggregator.store.sqlite.origins import SqliteOrigins
from aggregator.store.sqlite.past import SqlitePast
from aggregator.store.sqlite.records import SqliteRecords
from aggregator.store.sqlite.recovery import SqliteRecovery
from aggregator.store.sqlite.schedule import SqliteSchedule
from aggregator.store.sqlite.schema import expect_current, migrate


class SqliteWork:
    """One transaction: the roles on one connection."""

    def __init__(self, db: Database) -> None:
        self.feeds = SqliteFeeds(db.conn)
        self.origins = SqliteOrigins(db.conn)
        self.recovery = SqliteRecovery(db.conn)
        self.records = SqliteRecords(db.conn)
        self.keys = SqliteKeys(db.conn)
        self.log = SqliteLog(db.conn)
        self.schedule = SqliteSchedule(db.conn)
        self.consumers = SqliteConsumers(db.conn)
        self.past = SqlitePast(db.conn)
        self.deliveries = SqliteDeliveries(db.conn)


class SqliteStore:
    """A ``Store`` (see ``aggregator.store.contract``) in one SQLite file in WAL mode."""

    def __init__(self, path: Path, *, create: bool) -> None:
        if not create and not path.exists():
            raise StoreError(f"there is no store at {path} yet: `aggregator run` or `aggregator poll` makes it")
        self._path = path
        self._db: Database | None = None
        self._polls = False

    @contextmanager
    def work(self) -> Iterator[SqliteWork]:
        """See ``Store.work``."""
        db = self._writer()
        with transaction(db, "BEGIN IMMEDIATE"):
            yield SqliteWork(db)

    @contextmanager
    def read(self) -> Iterator[SqliteWork]:
        """See ``Store.read``."""
        db = connect_reader(self._path)
        try:
            expect_current(db)
            with transaction(db, "BEGIN"):
                yield SqliteWork(db)
        finally:
            db.close()

    @contextmanager
    def exclusive(self, owner: str) -> Iterator[None]:
        """See ``Store.exclusive``."""
        with exclusive(self._path.with_name(f"{self._path.name}.lock"), owner):
            self._polls = True
            yield

    @contextmanager
    def consuming(self, name: str, owner: str) -> Iterator[None]:
        """See ``Store.consuming``."""
        # A name may hold what no file name may (OI-15).
        hashed = hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
        path = self._path.with_name(f"{self._path.name}.consumer-{hashed}.lock")
        with exclusive(path, owner, f"reads as the consumer {name!r}"):
            yield

    def close(self) -> None:
        """See ``Store.close``."""
        if self._db is not None:
            if self._polls:
                self._db.conn.execute("PRAGMA optimize")
                self._db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._db.close()
            self._db = None

    def _writer(self) -> Database:
        if self._db is None:
            db = connect(self._path, checkpoints=self._polls)
            migrate(db)
            self._db = db
        return self._db
