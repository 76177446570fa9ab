"""The clock's tick: one APScheduler job that says "poll what is due", never one job a feed (AP-13)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Ticker:
    """Calls back every so often while the loop runs; a late tick is taken once, not made up for (AP-01, AP-02)."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def every(self, interval: timedelta, job: Callable[[], Awaitable[None]]) -> None:
        """Call ``job`` now and then every ``interval`` (AP-08: left alone, the first run would wait)."""
        self._scheduler.add_job(job, "interval", seconds=interval.total_seconds(), next_run_time=datetime.now(UTC))

    def start(self) -> None:
        """Begin; needs a running loop (AP-07)."""
        self._scheduler.start()

    def stop(self) -> None:
        """End; what a tick started is the caller's to drain (AP-04)."""
        self._scheduler.shutdown(wait=False)
