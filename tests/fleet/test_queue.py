"""What the queue does beside handing out buckets."""

from contextlib import ExitStack

import psycopg

from aggregator.fleet.queue import Queue
from aggregator.store.fleet import Tenure
from aggregator.store.postgres.connection import connect
from tests.postgres import Server


async def hold(tenure: Tenure) -> None:
    """Hold nothing."""


async def test_a_process_that_is_frozen_while_it_sends_holds_nobody_up(postgres: Server) -> None:
    """Its session counts as busy, so that no timeout of an idle transaction ends it."""
    url = postgres.fresh()
    frozen, idle, queue = connect(url, writes=True), connect(url, writes=True), Queue(url, hold)
    idle.execute("BEGIN")
    with ExitStack() as stack:
        stack.push(lambda *failure: failure[0] is not None and issubclass(failure[0], psycopg.OperationalError))
        stack.enter_context(frozen.pipeline())
        frozen.execute("BEGIN")
        frozen.execute("SELECT pg_advisory_xact_lock(1, 1)")
        frozen.pgconn.send_flush_request()
        frozen.pgconn.flush()
        async with queue.working(1):
            assert await queue.end_frozen(3600) == 0
            while await queue.end_frozen(0) == 0:  # until what was sent has arrived
                pass
            with psycopg.connect(url) as other:
                other.execute("SET lock_timeout='10s'; SELECT pg_advisory_xact_lock(1, 1)")
    assert idle.execute("SELECT 1").fetchone() == (1,)
    idle.close()
    frozen.close()
