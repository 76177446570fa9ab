"""The SQLite store and its unit of work."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlite_utils import Database

from aggregator.model import Finding
from aggregator.store.contract import StoreError, StoreLostError
from aggregator.store.sqlite.backup import write_backup
from aggregator.store.sqlite.browsing import SqliteBrowsing
from aggregator.store.sqlite.clusters import SqliteClusters
from aggregator.store.sqlite.connection import connect, connect_reader, explaining, savepoint, transaction
from aggregator.store.sqlite.consumers import SqliteConsumers
from aggregator.store.sqlite.deliveries import SqliteDeliveries
from aggregator.store.sqlite.duplicates import SqliteDuplicates
from aggregator.store.sqlite.examine import examine, first_damage
from aggregator.store.sqlite.feeds import SqliteFeeds
from aggregator.store.sqlite.indexing import SqliteIndexing
from aggregator.store.sqlite.keys import SqliteKeys
from aggregator.store.sqlite.lock import Lock
from aggregator.store.sqlite.log import SqliteLog
from aggregator.store.sqlite.origins import SqliteOrigins
from aggregator.store.sqlite.past import SqlitePast
from aggregator.store.sqlite.pushes import SqlitePushes
from aggregator.store.sqlite.raw import SqliteRaw
from aggregator.store.sqlite.reader import SqliteReader
from aggregator.store.sqlite.records import SqliteRecords
from aggregator.store.sqlite.recovery import SqliteRecovery
from aggregator.store.sqlite.refinements import SqliteRefinements
from aggregator.store.sqlite.reloads import SqliteReloads
from aggregator.store.sqlite.renewals import SqliteRenewals
from aggregator.store.sqlite.retention import SqliteRetention
from aggregator.store.sqlite.schedule import SqliteSchedule
from aggregator.store.sqlite.schema import VERSION, expect_current, migrate, version_of
from aggregator.store.sqlite.searching import SqliteSearching
from aggregator.store.sqlite.subscriptions import SqliteSubscriptions
from aggregator.store.sqlite.transfer import SqliteSource, SqliteTarget, reading_file, writing_file
from aggregator.store.upkeep import Holder

_CLOSING_MS = 1000  # how long to wait for readers, to fold the log in (SQ-05)


class SqliteWork:
    """One transaction: the roles on one connection."""

    def __init__(self, db: Database, path: Path) -> None:
        self.apart = partial(savepoint, db, path)
        self.alone = _no_more  # the transaction is immediate
        self.feeds = SqliteFeeds(db.conn)
        self.origins = SqliteOrigins(db.conn)
        self.recovery = SqliteRecovery(db.conn)
        self.records = SqliteRecords(db.conn)
        self.keys = SqliteKeys(db.conn)
        self.duplicates = SqliteDuplicates(db.conn)
        self.clusters = SqliteClusters(db.conn)
        self.log = SqliteLog(db.conn)
        self.schedule = SqliteSchedule(db.conn)
        self.consumers = SqliteConsumers(db.conn)
        self.past = SqlitePast(db.conn)
        self.deliveries = SqliteDeliveries(db.conn)
        self.refinements = SqliteRefinements(db.conn)
        self.renewals = SqliteRenewals(db.conn)
        self.retention = SqliteRetention(db.conn)
        self.browsing = SqliteBrowsing(db.conn)
        self.indexing = SqliteIndexing(db.conn)
        self.searching = SqliteSearching(db.conn)
        self.raw = SqliteRaw(db.conn)
        self.subscriptions = SqliteSubscriptions(db.conn)
        self.pushes = SqlitePushes(db.conn)
        self.reloads = SqliteReloads(db.conn)


def _no_more() -> None:
    """Do nothing: nobody else writes as it is."""


class SqliteStore:
    """A ``Store`` (see ``aggregator.store.contract``) in one SQLite file in WAL mode."""

    def __init__(self, path: Path, *, create: bool) -> None:
        if not create and not path.exists():
            raise StoreError(f"there is no store at {path} yet: `aggregator run` or `aggregator poll` makes it")
        self._path = path
        self._lock = Lock(path.with_name(f"{path.name}.lock"))
        self._db: Database | None = None
        self._file: tuple[int, int] | None = None  # which one is open
        self._polls = False

    @contextmanager
    def work(self) -> Iterator[SqliteWork]:
        """See ``Store.work``."""
        db = self._writer()
        self._expect_same_file()
        with transaction(db, self._path, "BEGIN IMMEDIATE"):
            yield SqliteWork(db, self._path)

    @contextmanager
    def read(self) -> Iterator[SqliteWork]:
        """See ``Store.read``."""
        db = connect_reader(self._path)
        try:
            with transaction(db, self._path, "BEGIN"):
                expect_current(db)
                yield SqliteWork(db, self._path)
        finally:
            db.close()

    def reader(self) -> SqliteReader[SqliteWork]:
        """See ``Store.reader``."""
        return SqliteReader(self._path, lambda db: SqliteWork(db, self._path))

    @contextmanager
    def exclusive(self, owner: str) -> Iterator[None]:
        """See ``Store.exclusive``."""
        with self._lock.held(owner):
            self._polls = True
            yield

    @contextmanager
    def consuming(self, name: str, owner: str) -> Iterator[None]:
        """See ``Store.consuming``."""
        # A name may hold what no file name may (OI-15).
        hashed = hashlib.blake2b(name.encode(), digest_size=8).hexdigest()
        lock = Lock(self._path.with_name(f"{self._path.name}.consumer-{hashed}.lock"))
        with lock.held(owner, f"reads as the consumer {name!r}", "wait for its end, or name another consumer"):
            yield

    @contextmanager
    def source(self, owner: str) -> Iterator[SqliteSource]:
        """See ``Copyable.source``."""
        with self._lock.held(owner), reading_file(self._path) as source:
            yield source

    @contextmanager
    def target(self) -> Iterator[SqliteTarget]:
        """See ``Copyable.target``."""
        with writing_file(self._path, migrate) as target:
            yield target

    def holder(self) -> Holder | None:
        """See ``Upkeep.holder``."""
        return self._lock.holder()

    def migrate(self) -> tuple[int, int]:
        """See ``Upkeep.migrate``; whoever first writes does the same."""
        before = 0
        if self._path.exists() and self._path.stat().st_size:
            db = connect_reader(self._path)
            try:
                before = version_of(db.conn)
            finally:
                db.close()
        with self._lock.held("aggregator migrate"), self.work():
            return before, VERSION

    def tell(self, trouble: str | None) -> None:
        """See ``Upkeep.tell``."""
        self._lock.tell(trouble)

    def tell_site(self, site: str) -> None:
        """See ``Upkeep.tell_site``."""
        self._lock.tell_site(site)

    def backup(self, target: Path) -> None:
        """See ``Upkeep.backup``."""
        db = connect_reader(self._path)
        try:
            db.conn.execute("PRAGMA query_only=OFF")  # which forbids writing another file too
            write_backup(db.conn, self._path, target)
        finally:
            db.close()

    def examine(self, now: datetime) -> Iterator[Finding]:
        """See ``Upkeep.examine``."""
        yield from examine(self._path, now)

    def close(self) -> None:
        """See ``Store.close``."""
        if self._db is not None:
            db, self._db = self._db, None
            try:
                if self._polls:
                    db.conn.execute(f"PRAGMA busy_timeout={_CLOSING_MS}")
                    db.conn.execute("PRAGMA optimize")
                    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except sqlite3.Error:
                # A full disk, or a file that is gone: whatever is committed is in the log, for the next to fold in.
                return
            finally:
                db.close()

    def _writer(self) -> Database:
        if self._db is None:
            log = self._path.with_name(f"{self._path.name}-wal")
            unclean = self._polls and log.exists() and log.stat().st_size > 0
            db = connect(self._path, checkpoints=self._polls)
            try:
                with explaining(self._path):
                    self._prepare(db, unclean)
            except BaseException:
                db.close()
                raise
            self._db, self._file = db, self._identity()
        return self._db

    def _prepare(self, db: Database, unclean: bool) -> None:
        """Bring the file up to date. After a stop that was none, it is read through first (SQ-11)."""
        damage = first_damage(db.conn) if unclean else None
        if damage is not None:
            raise StoreLostError(
                f"the store {self._path} is damaged ({damage}): nothing is written to it; put a backup in its place, or"
                " save what can be read with `sqlite3 FILE .recover`"
            )
        migrate(db, self._path)

    def _expect_same_file(self) -> None:
        """Raise StoreLostError where the file was deleted or replaced: nobody would see what is written (SQ-10)."""
        if self._identity() != self._file:
            raise StoreLostError(f"the store {self._path} was deleted or replaced while it was in use: start again")

    def _identity(self) -> tuple[int, int] | None:
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_dev, stat.st_ino
