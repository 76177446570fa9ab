"""The queue of a fleet: one job a bucket, in Procrastinate's tables."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import structlog
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job

from aggregator.store.fleet import Tenure

_QUEUE, _TASK = "polling", "poll_bucket"
_BEAT_SECONDS, _FETCH_SECONDS, _AGAIN_SECONDS = 5.0, 2.0, 2.0
_FORGET_SECONDS = 600.0  # rows of processes that are gone; long after they were reaped
_LEAVE_SECONDS = 60.0
_OPTIONS = {"application_name": "aggregator queue", "connect_timeout": 10, "keepalives_idle": 30}
# Of a process that was frozen while it sent one statement after the other: PostgreSQL takes its session to be busy, and
# no timeout of a transaction that is idle ends it (COPY waits for its rows so too, and is nobody's trouble).
_END_FROZEN = """
SELECT count(pg_terminate_backend(pid)) AS ended FROM pg_stat_activity
WHERE datname=current_database() AND usename=current_user AND application_name='aggregator' AND state='active'
    AND wait_event='ClientRead' AND query NOT LIKE 'COPY%%' AND state_change<now()-make_interval(secs => %(seconds)s)
"""

log = structlog.get_logger("aggregator.fleet")


class Queue:
    """Puts buckets up to be polled, and takes them from there."""

    def __init__(self, url: str, hold: Callable[[Tenure], Awaitable[None]]) -> None:
        """``hold`` polls a bucket for a while."""
        self._app = App(connector=PsycopgConnector(conninfo=url, kwargs=_OPTIONS, min_size=1, max_size=4))

        @self._app.task(name=_TASK, queue=_QUEUE, pass_context=True)
        async def poll_bucket(context: JobContext, bucket: int) -> None:
            job = context.job
            assert job.id is not None
            assert job.worker_id is not None
            await hold(Tenure(job=job.id, bucket=bucket, worker=job.worker_id))

    async def put(self, buckets: Sequence[int]) -> int:
        """Put up buckets; return how many: where another process does the same at this moment, it has done so."""
        jobs = [_job(bucket) for bucket in buckets]
        if not jobs:
            return 0
        try:
            return len(await self._app.job_manager.batch_defer_jobs_async(jobs))
        except AlreadyEnqueued:
            return 0
        except ConnectorException as error:
            log.warning("the queue cannot be reached", reason=str(error))
            return 0

    async def end_frozen(self, seconds: float) -> int:
        """End transactions in which a process has been silent for so long in the middle of sending; return how many.

        They may hold what every other process waits for, so that this has a connection that waits for none of it.
        """
        try:
            row = await self._app.connector.execute_query_one_async(_END_FROZEN, seconds=seconds)
        except ConnectorException as error:
            log.warning("the queue cannot be reached", reason=str(error))
            return 0
        return int(row["ended"])

    @asynccontextmanager
    async def working(self, at_once: int) -> AsyncIterator[None]:
        """Take so many buckets at once during the block; at its end wait for those that are held."""
        async with self._app.open_async():
            task = asyncio.create_task(self._work(at_once))
            try:
                yield
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _work(self, at_once: int) -> None:
        while True:
            try:
                await self._app.run_worker_async(
                    queues=[_QUEUE],
                    concurrency=at_once,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    fetch_job_polling_interval=_FETCH_SECONDS,
                    update_heartbeat_interval=_BEAT_SECONDS,
                    stalled_worker_timeout=_FORGET_SECONDS,
                    shutdown_graceful_timeout=_LEAVE_SECONDS,
                )
            except Exception as error:  # noqa: BLE001 - whatever it stumbled over, it begins anew
                log.warning("the queue is lost for now", reason=str(error) or repr(error))
            await asyncio.sleep(_AGAIN_SECONDS)


def _job(bucket: int) -> Job:
    name = f"bucket:{bucket}"
    return Job(id=None, queue=_QUEUE, task_name=_TASK, lock=name, queueing_lock=name, task_kwargs={"bucket": bucket})
