"""The clock's tick: one APScheduler job that says "poll what is due", never one job a feed (AP-13)."""

import asyncio
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Ticker:
    """Sets events every so often; a late tick is taken once, not made up for (AP-01, AP-02).

    Nothing long runs in a tick: APScheduler cancels what does when it stops (AP-04).
    """

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def every(self, interval: timedelta) -> asyncio.Event:
        """Return an event that is set now, and every ``interval`` from then on."""
        event = asyncio.Event()

        async def tick() -> None:
            event.set()

        # AP-08: left alone, the first run would wait for an interval.
        self._scheduler.add_job(tick, "interval", seconds=interval.total_seconds(), next_run_time=datetime.now(UTC))
        return event

    def start(self) -> None:
        """Begin; needs a running loop (AP-07)."""
        self._scheduler.start()

    def stop(self) -> None:
        """End."""
        self._scheduler.shutdown(wait=False)
