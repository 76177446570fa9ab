"""One process does a thing (SC-31): advisory locks, which die with the connection of their holder.

The first number of each is a fingerprint of the schema, so that stores may share a database; the second says what it is
about. ``holders`` says who has it, and why he is paused.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from aggregator.store.contract import StoreBusyError, StoreError, StoreLostError
from aggregator.store.postgres.connection import Sql, connect, explaining
from aggregator.store.postgres.versions import expect_current
from aggregator.store.upkeep import Holder

WRITING_THE_LOG, MIGRATING, POLLING, LEADING = 1, 2, 3, 4
_LONGEST = 500

_HOLD = "SELECT pg_advisory_xact_lock(hashtext(current_schema()), %s)"
_TRY = "SELECT pg_try_advisory_lock(hashtext(current_schema()), %s)"
_TRY_SHARED = "SELECT pg_try_advisory_lock_shared(hashtext(current_schema()), %s)"
_LET_GO = "SELECT pg_advisory_unlock(hashtext(current_schema()), %s)"
_LET_GO_SHARED = "SELECT pg_advisory_unlock_shared(hashtext(current_schema()), %s)"
_IS_HELD = (
    "SELECT 1 FROM pg_locks WHERE locktype='advisory' AND granted AND objsubid=2"
    " AND database=(SELECT oid FROM pg_database WHERE datname=current_database())"
    " AND classid::bigint=(hashtext(current_schema())::bigint & 4294967295) AND objid::bigint=%s"
)


def hold(sql: Sql, number: int) -> None:
    """Be the only one until the transaction ends; wait for whoever is."""
    sql.execute(_HOLD, (number,))


def take_seqs(sql: Sql, changes: int = 1) -> int:
    """Take so many seqs and return the first: none is given twice, even when the newest changes are gone.

    Whoever takes one is alone until his transaction ends, so that seqs become visible in their order and without gaps.
    """
    hold(sql, WRITING_THE_LOG)
    (last,) = sql.one("UPDATE log_end SET seq=seq+%s RETURNING seq", (changes,))
    return int(last) - changes + 1


def number_of(consumer: str) -> int:
    """Return the number of the lock on reading as a consumer: it may be called anything (OI-15)."""
    return 2**30 + int.from_bytes(hashlib.blake2b(consumer.encode(), digest_size=4).digest()) % 2**30


def holder_of(sql: Sql, number: int) -> Holder | None:
    """Return who has a lock."""
    if sql.execute(_IS_HELD, (number,)).fetchone() is None:
        return None
    row = sql.execute("SELECT name, trouble FROM holders WHERE number=%s", (number,)).fetchone()
    return Holder(name="another process", trouble=None) if row is None else Holder(name=row[0], trouble=row[1])


class Lock:
    """The lock on doing one thing, on a connection of its own."""

    def __init__(self, url: str, number: int) -> None:
        self._url = url
        self._number = number
        self._doing = ""
        self._shared = False
        self._sql: Sql | None = None
        self._owner = ""

    @contextmanager
    def held(self, owner: str, doing: str = "polls this store", *, shared: bool = False) -> Iterator[None]:
        """Hold the lock during the block. Raises StoreBusyError, which names the process that has it and ``doing``.

        ``shared``: together with others who have it so.
        """
        self._doing, self._shared = doing, shared
        self._owner = f"{owner} on {os.uname().nodename} (process {os.getpid()})"
        try:
            self._take()
            yield
        finally:
            if self._sql is not None:
                with suppress(psycopg.Error):  # the server notices the end of a connection only after a while
                    self._sql.execute(_LET_GO_SHARED if self._shared else _LET_GO, (self._number,))
                self._sql.close()
                self._sql = None

    def ensure(self) -> None:
        """Take the lock again where its connection was lost. Raises StoreLostError where somebody else has it now."""
        if self._sql is None:
            return
        with suppress(psycopg.Error):
            self._sql.execute("SELECT 1")
            return
        self._sql.close()
        try:
            self._take()
        except StoreBusyError as error:
            raise StoreLostError(f"the connection to the store was lost, and {error}") from error

    def tell(self, trouble: str | None) -> None:
        """Say why the holder is paused, where the database can be told."""
        if self._sql is not None:
            with suppress(psycopg.Error):
                self._sql.execute("UPDATE holders SET trouble=%s WHERE number=%s", (trouble, self._number))

    def _take(self) -> None:
        sql = connect(self._url, writes=True)
        try:
            with explaining():
                expect_current(sql)
                row = sql.execute(_TRY_SHARED if self._shared else _TRY, (self._number,)).fetchone()
                if row is None or not row[0]:
                    holder = holder_of(sql, self._number)
                    raise StoreBusyError(f"{holder.name if holder else 'another process'} already {self._doing}")
                sql.execute(
                    "INSERT INTO holders VALUES (%s, %s) ON CONFLICT (number) DO UPDATE SET name=excluded.name,"
                    " trouble=NULL",
                    (self._number, self._owner[:_LONGEST]),
                )
        except (psycopg.Error, StoreError):
            sql.close()
            raise
        self._sql = sql
