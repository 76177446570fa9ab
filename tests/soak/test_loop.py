"""Simulated time passes when nobody works."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.soak.loop import SimulatedLoop


def test_a_day_of_sleep_takes_no_time_and_work_takes_no_day() -> None:
    """A thread that takes its time holds the clock."""

    async def live() -> list[float]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.gather(asyncio.sleep(86_400), asyncio.sleep(3_600))
        slept = loop.time() - began
        timer = asyncio.create_task(asyncio.sleep(5))
        with ThreadPoolExecutor() as thread:
            await loop.run_in_executor(thread, time.sleep, 0.05)
        worked = loop.time() - began - slept
        await timer
        return [slept, worked]

    began = time.monotonic()
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        assert runner.run(live()) == [86_400.0, 0.0]
    assert time.monotonic() - began < 5


def test_waiting_for_nothing_is_an_error() -> None:
    """And no hanging test."""
    with pytest.raises(RuntimeError, match="everybody waits"), asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        runner.run(_forever())


async def _forever() -> None:
    await asyncio.get_running_loop().create_future()
