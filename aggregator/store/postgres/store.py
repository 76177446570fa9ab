"""The PostgreSQL store and its unit of work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from aggregator.model import Finding
from aggregator.store.contract import StoreConflictError, StoreError
from aggregator.store.postgres.browsing import PostgresBrowsing
from aggregator.store.postgres.clusters import PostgresClusters
from aggregator.store.postgres.connection import Sql, connect, transaction
from aggregator.store.postgres.consumers import PostgresConsumers
from aggregator.store.postgres.deliveries import PostgresDeliveries
from aggregator.store.postgres.duplicates import PostgresDuplicates
from aggregator.store.postgres.examine import examine
from aggregator.store.postgres.feeds import PostgresFeeds
from aggregator.store.postgres.fleet import PostgresFleet
from aggregator.store.postgres.indexing import PostgresIndexing
from aggregator.store.postgres.keys import PostgresKeys
from aggregator.store.postgres.lock import LEADING, POLLING, WRITING_THE_LOG, Lock, hold, holder_of, number_of
from aggregator.store.postgres.log import PostgresLog
from aggregator.store.postgres.origins import PostgresOrigins
from aggregator.store.postgres.past import PostgresPast
from aggregator.store.postgres.pushes import PostgresPushes
from aggregator.store.postgres.raw import PostgresRaw
from aggregator.store.postgres.reader import SNAPSHOT, PostgresReader, reading
from aggregator.store.postgres.records import PostgresRecords
from aggregator.store.postgres.recovery import PostgresRecovery
from aggregator.store.postgres.refinements import PostgresRefinements
from aggregator.store.postgres.reloads import PostgresReloads
from aggregator.store.postgres.renewals import PostgresRenewals
from aggregator.store.postgres.retention import PostgresRetention
from aggregator.store.postgres.schedule import PostgresSchedule
from aggregator.store.postgres.schema import migrate
from aggregator.store.postgres.searching import PostgresSearching
from aggregator.store.postgres.subscriptions import PostgresSubscriptions
from aggregator.store.postgres.transfer import PostgresSource, PostgresTarget, reading_database, writing_database
from aggregator.store.postgres.unwritten import Unwritten
from aggregator.store.postgres.versions import expect_current
from aggregator.store.upkeep import Holder

R = TypeVar("R")


class _Reads(Generic[R]):
    """A role that reads what plans write: those that wait are written before it is used."""

    def __init__(self, role: Callable[[Sql], R]) -> None:
        self._role = role

    def __get__(self, work: "PostgresWork", _: object = None) -> R:
        work.settle()
        return self._role(work.sql)


class PostgresWork:
    """One transaction: the roles on one connection."""

    keys = _Reads(PostgresKeys)
    duplicates = _Reads(PostgresDuplicates)
    clusters = _Reads(PostgresClusters)
    log = _Reads(PostgresLog)
    schedule = _Reads(PostgresSchedule)
    recovery = _Reads(PostgresRecovery)
    consumers = _Reads(PostgresConsumers)
    past = _Reads(PostgresPast)
    deliveries = _Reads(PostgresDeliveries)
    refinements = _Reads(PostgresRefinements)
    renewals = _Reads(PostgresRenewals)
    retention = _Reads(PostgresRetention)
    browsing = _Reads(PostgresBrowsing)
    indexing = _Reads(PostgresIndexing)
    searching = _Reads(PostgresSearching)

    def __init__(self, sql: Sql) -> None:
        unwritten = Unwritten(sql)
        self.sql = sql
        self.settle = unwritten.write
        self.apart = unwritten.apart
        self.alone = partial(hold, sql, WRITING_THE_LOG)
        self.records = PostgresRecords(sql, unwritten)
        self.feeds = PostgresFeeds(sql, self.settle)
        self.raw = PostgresRaw(sql, self.settle)
        self.origins = PostgresOrigins(sql)
        self.subscriptions = PostgresSubscriptions(sql)
        self.pushes = PostgresPushes(sql)
        self.reloads = PostgresReloads(sql)
        self.fleet = PostgresFleet(sql)


class PostgresStore:
    """A ``Store`` (see ``aggregator.store.contract``) in a PostgreSQL database, or in one schema of it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = Lock(url, POLLING)
        self._lead = Lock(url, LEADING)
        self._sql: Sql | None = None
        self._was_in_the_way = False  # another process was

    @contextmanager
    def work(self) -> Iterator[PostgresWork]:
        """See ``Store.work``. Statements see what is committed: what was planned upon is looked at once more, alone."""
        sql = self._writer()
        try:
            with transaction(sql, "BEGIN ISOLATION LEVEL READ COMMITTED"):
                work = PostgresWork(sql)
                if self._was_in_the_way:  # what is planned alone is true
                    work.alone()
                yield work
                work.settle()
        except StoreConflictError:
            self._was_in_the_way = True
            raise
        self._was_in_the_way = False

    @contextmanager
    def read(self) -> Iterator[PostgresWork]:
        """See ``Store.read``."""
        sql = reading(self._url)
        try:
            with transaction(sql, SNAPSHOT):
                yield PostgresWork(sql)
        finally:
            sql.close()

    def reader(self) -> PostgresReader[PostgresWork]:
        """See ``Store.reader``."""
        return PostgresReader(self._url, PostgresWork)

    @contextmanager
    def exclusive(self, owner: str) -> Iterator[None]:
        """See ``Store.exclusive``."""
        with self._lock.held(owner):
            yield

    @contextmanager
    def joined(self, owner: str) -> Iterator[str]:
        """See ``FleetStore.joined``. The queue is in the same database."""
        with self._lock.held(f"a fleet, {owner} among it,", shared=True):
            yield self._url

    @contextmanager
    def leading(self, owner: str) -> Iterator[None]:
        """See ``FleetStore.leading``."""
        with self._lead.held(owner, "has the outputs of this fleet"):
            yield

    @contextmanager
    def consuming(self, name: str, owner: str) -> Iterator[None]:
        """See ``Store.consuming``."""
        with Lock(self._url, number_of(name)).held(owner, f"reads as the consumer {name!r}"):
            yield

    @contextmanager
    def source(self, owner: str) -> Iterator[PostgresSource]:
        """See ``Copyable.source``."""
        with self._lock.held(owner), reading_database(self._url) as source:
            yield source

    @contextmanager
    def target(self) -> Iterator[PostgresTarget]:
        """See ``Copyable.target``."""
        with writing_database(self._url) as target:
            yield target

    def holder(self) -> Holder | None:
        """See ``Upkeep.holder``."""
        sql = reading(self._url)
        try:
            return holder_of(sql, POLLING)
        finally:
            sql.close()

    def tell(self, trouble: str | None) -> None:
        """See ``Upkeep.tell``."""
        self._lock.tell(trouble)

    def tell_site(self, site: str) -> None:
        """See ``Upkeep.tell_site``: several may poll one database, each with a site of its own, so nobody says."""

    def backup(self, target: Path) -> None:
        """See ``Upkeep.backup``: PostgreSQL has tools of its own for that."""
        raise StoreError(f"PostgreSQL is backed up by its own tools: `pg_dump -Fc -f {target.with_suffix('.dump')} …`")

    def migrate(self) -> tuple[int, int]:
        """See ``Upkeep.migrate``."""
        sql = connect(self._url, writes=False)
        try:
            return migrate(sql)
        finally:
            sql.close()

    def examine(self, now: datetime) -> Iterator[Finding]:
        """See ``Upkeep.examine``."""
        yield from examine(self._url, now)

    def close(self) -> None:
        """See ``Store.close``."""
        if self._sql is not None:
            self._sql.close()
            self._sql = None

    def _writer(self) -> Sql:
        """Return the connection that writes, opened again where it was lost."""
        if self._sql is None or self._sql.closed:
            sql = connect(self._url, writes=True)
            try:
                expect_current(sql)
                self._lock.ensure()
                self._lead.ensure()
            except BaseException:
                sql.close()
                raise
            self._sql = sql
        return self._sql
