"""What the daemon does again and again, until somebody asks it to end."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from aggregator.schedule.ticker import Ticker
from aggregator.store.contract import StoreLostError, StoreUnavailableError

DRAIN_SECONDS = 30.0

log = structlog.get_logger("aggregator.daemon")


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do, and how often."""

    run: Callable[[], Awaitable[None]]
    every: timedelta


async def run_jobs(jobs: Sequence[Job], stopping: asyncio.Event, drain: Callable[[], Awaitable[None]]) -> None:
    """Do each job at its ticks until ``stopping`` is set; then ``drain``, and give what is under way 30 seconds."""
    ticker = Ticker()
    events = [ticker.every(job.every) for job in jobs]
    loops = [asyncio.create_task(_loop(job, event, stopping)) for job, event in zip(jobs, events, strict=True)]
    ticker.start()
    await stopping.wait()
    ticker.stop()
    await drain()
    for event in events:
        event.set()
    done, late = await asyncio.wait(loops, timeout=DRAIN_SECONDS)
    for loop in late:  # a receiver that takes its time is given the same again at the next start
        loop.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for loop in done:
        loop.result()


def stop_on_signals() -> asyncio.Event:
    """Return what SIGTERM and SIGINT set; a second one ends the process."""
    stopping = asyncio.Event()

    def stop(number: int) -> None:
        if stopping.is_set():
            os._exit(128 + number)
        stopping.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop, number)
    return stopping


def on_hangup(act: Callable[[], None]) -> None:
    """Have SIGHUP call ``act``, also one that has waited since the start of the process."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, act)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})


async def _loop(job: Job, event: asyncio.Event, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        await event.wait()
        event.clear()
        try:
            await job.run()
        except StoreUnavailableError:
            continue  # which the writer tells of; the next tick tries again
        except StoreLostError:
            stopping.set()
            raise
        except Exception:  # a job that fails is tried again at the next tick; the daemon lives
            log.exception("job failed")
