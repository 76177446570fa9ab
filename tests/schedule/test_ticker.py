"""The clock's tick."""

import asyncio
import time
from datetime import timedelta

import pytest

from aggregator.schedule.ticker import Ticker


async def test_it_ticks_now_and_every_so_often() -> None:
    """AP-08: left alone, APScheduler's first run would wait for an interval."""
    ticker = Ticker()
    soon, later = ticker.every(timedelta(seconds=0.05)), ticker.every(timedelta(hours=1))
    ticker.start()
    async with asyncio.timeout(5):
        for _ in range(3):
            await soon.wait()
            soon.clear()
        await later.wait()
    ticker.stop()


async def test_ticks_that_were_missed_are_one_tick() -> None:
    """AP-01, AP-02, AP-10: a loop that was blocked loses no tick for good, and makes none up."""
    ticker = Ticker()
    event = ticker.every(timedelta(seconds=0.05))
    ticker.start()
    await event.wait()
    event.clear()
    time.sleep(0.4)  # noqa: ASYNC251 - the blocked loop is the point
    async with asyncio.timeout(5):
        await event.wait()
    ticker.stop()


async def test_stopping_cancels_nothing_of_ours() -> None:
    """AP-04: what a tick sets going runs outside the scheduler."""
    ticker = Ticker()
    event = ticker.every(timedelta(hours=1))
    done = asyncio.Event()

    async def work() -> None:
        await event.wait()
        ticker.stop()
        await asyncio.sleep(0)
        done.set()

    ticker.start()
    async with asyncio.timeout(5):
        await asyncio.create_task(work())
    assert done.is_set()


def test_it_needs_a_running_loop() -> None:
    """AP-07."""
    with pytest.raises(RuntimeError):
        Ticker().start()
