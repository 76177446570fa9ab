"""Signals, as the daemon takes them."""

import asyncio
import os
import signal

from aggregator.jobs import hold_hangups, on_hangup


async def test_a_hangup_that_comes_while_it_starts_is_taken_for_a_wish_and_ends_nothing() -> None:
    called = asyncio.Event()
    hold_hangups()
    os.kill(os.getpid(), signal.SIGHUP)
    assert not called.is_set()
    on_hangup(called.set)
    async with asyncio.timeout(10):
        await called.wait()
    asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)
    assert signal.SIGHUP not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
