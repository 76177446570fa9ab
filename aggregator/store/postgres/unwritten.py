"""Plans that wait for the end of their transaction, so that the lock that all need is held for a short time.

What one of several parts of a transaction has planned is written when all have planned, together with theirs.
"""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from aggregator.store.contract import StalePlanError, StoreConflictError
from aggregator.store.postgres.connection import Sql, savepoint
from aggregator.store.postgres.lock import WRITING_THE_LOG, hold
from aggregator.store.postgres.record_writes import Part, RecordWrites
from aggregator.store.postgres.staleness import expect_true


class Unwritten:
    """What was planned in a transaction and is not written yet."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection
        self._parts: tuple[Part, ...] = ()
        self._told: frozenset[Hashable] = frozenset()  # what they are about
        self._can_wait = False

    @contextmanager
    def apart(self) -> Iterator[None]:
        """See ``Work.apart``. What is planned in the block may wait; what is undone with it waits no more."""
        before = self._parts, self._told
        self._can_wait = True
        try:
            with savepoint(self._sql):
                yield
        except BaseException:
            self._parts, self._told = before
            raise
        finally:
            self._can_wait = False

    def take(self, part: Part) -> None:
        """Write a plan, now or later. Raises StalePlanError, as ``Records.apply`` does."""
        told = _told(part)
        if not self._told.isdisjoint(told):
            self.write()
            hold(self._sql, WRITING_THE_LOG)
            raise StalePlanError
        if self._can_wait:
            self._parts += (part,)
            self._told |= told
        else:
            self.write()
            writes = RecordWrites(self._sql, [part])
            expect_true(self._sql, [part.plan])
            writes.write()

    def write_now(self, part: Part) -> None:
        """Write a plan that is true, as nobody else has written since."""
        self.write()
        RecordWrites(self._sql, [part]).write()

    def write(self) -> None:
        """Write what waits. Raises StoreConflictError where another process was faster with the same stories."""
        if not self._parts:
            return
        parts, self._parts, self._told = self._parts, (), frozenset()
        writes = RecordWrites(self._sql, parts)
        try:
            expect_true(self._sql, [part.plan for part in parts])
        except StalePlanError as error:
            raise StoreConflictError("another process brought the same stories meanwhile") from error
        writes.write()


def _told(part: Part) -> frozenset[Hashable]:
    """Return what other plans have to leave alone while one waits: its feed, its stories, and what they are called."""
    plan = part.plan
    told: set[Hashable] = {("feed", part.feed_id)}
    told.update(each.record for each in plan.seen)
    told.update(told for alias in plan.aliases for told in (alias.match_key, alias.record))
    told.update(("slug", item.slug) for item in plan.new)
    told.update(each.kept.id for each in plan.updated)
    told.update(each.kept.id for each in plan.touched)
    told.update(kept.id for kept in plan.retracted)
    told.update(kept.id for merge in plan.merged for kept in (merge.gone, merge.into))
    return frozenset(told)
