"""Connections, transactions, and what the errors of PostgreSQL mean for a store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.types.string import TextLoader

from aggregator.store.contract import StoreConflictError, StoreError, StoreUnavailableError
from aggregator.store.postgres.arrays import Array, ArrayDumper


class Sql(psycopg.Connection[tuple[Any, ...]]):
    """A connection on which transactions are begun by hand."""

    def one(self, query: str, values: Sequence[object] | Mapping[str, object] = ()) -> tuple[Any, ...]:
        """Return the row of a query that has one."""
        row = self.execute(query, values or None).fetchone()
        assert row is not None
        return row

    def many(self, query: str, rows: Iterable[Sequence[object] | Mapping[str, object]]) -> int:
        """Execute a statement for each of the rows, without waiting in between; return how many rows it concerned."""
        given = list(rows)
        if not given:
            return 0
        cursor = self.cursor()
        cursor.executemany(query, given)
        return cursor.rowcount


def unzipped(rows: Iterable[Sequence[object]], width: int) -> list[list[object]]:
    """Return the columns of rows, for ``unnest``."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]


# Unless the address says otherwise. A peer that is gone without a word is noticed within a minute.
_DEFAULTS: dict[str, Any] = {
    "application_name": "aggregator",
    "client_encoding": "UTF8",
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
_SESSION = (
    "SET TimeZone='UTC'; SET jit=off; SET client_min_messages=warning;"
    # And so does the server: the locks of a machine that is gone are free again.
    " SET tcp_keepalives_idle=30; SET tcp_keepalives_interval=10; SET tcp_keepalives_count=3"
)
# A process that is frozen within a transaction would hold up everybody else's change log for ever.
_WRITER = "; SET idle_in_transaction_session_timeout='20s'; SET lock_timeout='60s'"

# Classes of SQLSTATE, or whole ones (PostgreSQL, Appendix A).
_PASSING = {
    "08": "the connection was lost",
    "53": "it has not enough room, memory or connections",
    "57": "it is stopping, starting, or ended the connection",
    "58": "it cannot use its disk",
    "25006": "it may only be read",
    "25P03": "a transaction was held open for too long",
    "55P03": "somebody holds it for too long",
}
_CONFLICTS = frozenset({"40001", "40P01"})


def connect(url: str, *, writes: bool) -> Sql:
    """Open a connection. Raises StoreError."""
    with explaining():
        connection = Sql.connect(**{**_DEFAULTS, **conninfo_to_dict(url)}, autocommit=True)
        # What is read with its record is read as the text that it is.
        connection.adapters.register_loader("json", TextLoader)
        connection.adapters.register_dumper(Array, ArrayDumper)
        try:
            connection.execute(_SESSION + (_WRITER if writes else ""))
        except BaseException:
            connection.close()
            raise
        return connection


def explained(error: psycopg.Error) -> StoreError | None:
    """Return what an error of the database means for the store; None for one that is a bug."""
    state = error.sqlstate or ""
    said = str(error).strip().partition("\n")[0]
    if state in _CONFLICTS:
        return StoreConflictError(f"another process was in the way: {said}")
    why = _PASSING.get(state) or _PASSING.get(state[:2])
    if why is not None:
        return StoreUnavailableError(f"cannot use the store: {why} ({said})")
    if state.startswith("28") or (state == "" and isinstance(error, psycopg.OperationalError)):
        return StoreUnavailableError(f"cannot reach the store: {said}")
    if state in {"3D000", "42501"}:
        return StoreError(f"cannot use the store: {said}")
    return None


@contextmanager
def explaining() -> Iterator[None]:
    """Raise StoreError for an error of the database in the block that is no bug."""
    try:
        yield
    except psycopg.Error as error:
        trouble = explained(error)
        if trouble is None:
            raise
        raise trouble from error


@contextmanager
def transaction(sql: Sql, begin: str) -> Iterator[None]:
    """Run the block inside ``begin`` … COMMIT; roll back when it raises. Raises StoreError for what is no bug."""
    with explaining():
        sql.execute(begin)
        try:
            yield
            if sql.info.transaction_status != TransactionStatus.INTRANS:
                _fail()
            sql.execute("COMMIT")
        except BaseException:
            with suppress(psycopg.Error):
                sql.execute("ROLLBACK")
            raise


def _fail() -> NoReturn:
    """Say what COMMIT would not: it rolls back a transaction that failed, without a word."""
    raise StoreUnavailableError("the transaction had failed before its end")


@contextmanager
def savepoint(sql: Sql) -> Iterator[None]:
    """Run the block inside a transaction; undo it alone when it raises. Raises StoreError for what is no bug."""
    with explaining():
        sql.execute("SAVEPOINT apart")
        try:
            yield
        except BaseException as error:
            if sql.closed:
                raise StoreUnavailableError(f"cannot use the store: the connection was lost ({error})") from error
            sql.execute("ROLLBACK TO apart; RELEASE apart")
            raise
        sql.execute("RELEASE apart")
