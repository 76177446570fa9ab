"""Reading on one connection, again and again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from aggregator.store.postgres.connection import Sql, connect, transaction
from aggregator.store.postgres.versions import expect_current

W = TypeVar("W")
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class PostgresReader(Generic[W]):
    """A ``Reader`` (see ``aggregator.store.contract``)."""

    is_near = False

    def __init__(self, url: str, work: Callable[[Sql], W]) -> None:
        self._url = url
        self._work = work
        self._sql: Sql | None = None

    @contextmanager
    def read(self) -> Iterator[W]:
        """See ``Reader.read``. A connection that was lost is opened again."""
        if self._sql is None or self._sql.closed:
            self._sql = reading(self._url)
        with transaction(self._sql, SNAPSHOT):
            yield self._work(self._sql)

    def close(self) -> None:
        """See ``Reader.close``."""
        if self._sql is not None:
            self._sql.close()
            self._sql = None


def reading(url: str) -> Sql:
    """Return a connection to tables of this version."""
    sql = connect(url, writes=False)
    try:
        expect_current(sql)
    except BaseException:
        sql.close()
        raise
    return sql
