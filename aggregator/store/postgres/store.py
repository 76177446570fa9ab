"""The PostgreSQL store and its unit of work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from aggregator.model import Finding
from aggregator.store.contract import StoreError
from aggregator.store.postgres.browsing import PostgresBrowsing
from aggregator.store.postgres.clusters import PostgresClusters
from aggregator.store.postgres.connection import Sql, connect, savepoint, transaction
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
from aggregator.store.postgres.versions import expect_current
from aggregator.store.upkeep import Holder


class PostgresWork:
    """One transaction: the roles on one connection."""

    def __init__(self, sql: Sql) -> None:
        self.apart = partial(savepoint, sql)
        self.alone = partial(hold, sql, WRITING_THE_LOG)
        self.feeds = PostgresFeeds(sql)
        self.origins = PostgresOrigins(sql)
        self.recovery = PostgresRecovery(sql)
        self.records = PostgresRecords(sql)
        self.keys = PostgresKeys(sql)
        self.duplicates = PostgresDuplicates(sql)
        self.clusters = PostgresClusters(sql)
        self.log = PostgresLog(sql)
        self.schedule = PostgresSchedule(sql)
        self.consumers = PostgresConsumers(sql)
        self.past = PostgresPast(sql)
        self.deliveries = PostgresDeliveries(sql)
        self.refinements = PostgresRefinements(sql)
        self.renewals = PostgresRenewals(sql)
        self.retention = PostgresRetention(sql)
        self.browsing = PostgresBrowsing(sql)
        self.indexing = PostgresIndexing(sql)
        self.searching = PostgresSearching(sql)
        self.raw = PostgresRaw(sql)
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

    @contextmanager
    def work(self) -> Iterator[PostgresWork]:
        """See ``Store.work``. Statements see what is committed: what was planned upon is looked at once more, alone."""
        sql = self._writer()
        with transaction(sql, "BEGIN ISOLATION LEVEL READ COMMITTED"):
            yield PostgresWork(sql)

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
