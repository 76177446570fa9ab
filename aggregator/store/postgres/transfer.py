"""A database as a source of copies, and as what is copied into."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import psycopg

from aggregator.store.contract import StoreError
from aggregator.store.copying import BATCH, PLACES, TABLES, Rows
from aggregator.store.postgres.connection import Sql, connect, transaction
from aggregator.store.postgres.reader import SNAPSHOT, reading
from aggregator.store.postgres.versions import expect_current

_COLUMNS = (
    "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema=current_schema()"
    " AND table_name=%s AND is_generated='NEVER' ORDER BY ordinal_position"
)
# How values look in a file of SQLite.
_AS_THERE = {
    "timestamp with time zone": "to_char({}, 'YYYY-MM-DD HH24:MI:SS.US\"+00:00\"')",
    "boolean": "{}::int",
    "date": "{}::text",
}
_NUMBERED = (
    "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema=current_schema() AND is_identity='YES'"
)


class PostgresSource:
    """A ``Source`` in a transaction for reading."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def count(self, table: str) -> int:
        """See ``Source.count``."""
        return int(self._sql.one(f"SELECT count(*) FROM {table}")[0])

    def columns(self, table: str) -> Sequence[str]:
        """See ``Source.columns``."""
        return list(self._types(table))

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Rows]:
        """See ``Source.rows``."""
        types = self._types(table)
        wanted = ", ".join(_AS_THERE.get(types[name], "{}").format(f'"{name}"') for name in columns)
        with self._sql.cursor(name="copying") as cursor:
            cursor.execute(f"SELECT {wanted} FROM {table}")
            while rows := cursor.fetchmany(BATCH):
                yield rows

    def last_seq(self) -> int:
        """See ``Source.last_seq``."""
        return int(self._sql.one("SELECT seq FROM log_end")[0])

    def _types(self, table: str) -> dict[str, str]:
        return dict(self._sql.execute(_COLUMNS, (table,)).fetchall())


class PostgresTarget(PostgresSource):
    """A ``Target`` in a transaction for writing."""

    def write(self, table: str, columns: Sequence[str], batches: Iterable[Rows]) -> int:
        """See ``Target.write``: one COPY, so that rows may point at later ones."""
        if table in PLACES:
            self._sql.execute(f"DELETE FROM {table}")
        names = ", ".join(f'"{name}"' for name in columns)
        cursor = self._sql.cursor()
        try:
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for rows in batches:
                    for row in rows:
                        copy.write_row(row)
        except psycopg.DataError as error:
            raise StoreError(f"PostgreSQL does not take a row of {table}: {error}") from error
        return cursor.rowcount

    def finish(self, last_seq: int) -> None:
        """See ``Target.finish``."""
        self._sql.execute("UPDATE log_end SET seq=%s", (last_seq,))
        for table, column in self._sql.execute(_NUMBERED).fetchall():
            sequence = f"pg_get_serial_sequence('{table}', '{column}')"
            self._sql.execute(f"SELECT setval({sequence}, max({column})) FROM {table} HAVING max({column}) IS NOT NULL")
        self._sql.execute("ANALYZE")


@contextmanager
def reading_database(url: str) -> Iterator[PostgresSource]:
    """Offer the database as it is now."""
    sql = reading(url)
    try:
        with transaction(sql, SNAPSHOT):
            yield PostgresSource(sql)
    finally:
        sql.close()


@contextmanager
def writing_database(url: str) -> Iterator[PostgresTarget]:
    """Offer a database that has tables and no rows; one transaction: a copy that is killed leaves nothing."""
    sql = connect(url, writes=False)
    try:
        expect_current(sql)
        with transaction(sql, "BEGIN"):
            target = PostgresTarget(sql)
            sql.execute("LOCK TABLE feeds, records, changes, consumers IN SHARE ROW EXCLUSIVE MODE")
            if table := next((each for each in TABLES if each not in PLACES and target.count(each)), None):
                raise StoreError(f"the store to copy into is not empty ({table}): name a new database")
            yield target
    finally:
        sql.close()
