"""Signals, as the daemon takes them."""

import asyncio
import os
import re
import signal
from pathlib import Path

from aggregator.jobs import on_hangup
from tests.e2e.project import Project
from tests.e2e.test_daemon import stop, until


async def test_a_hangup_that_comes_while_it_starts_is_taken_for_a_wish_and_ends_nothing() -> None:
    called = asyncio.Event()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    os.kill(os.getpid(), signal.SIGHUP)
    assert not called.is_set()
    on_hangup(called.set)
    async with asyncio.timeout(10):
        await called.wait()
    asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)
    assert signal.SIGHUP not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_a_daemon_keeps_hangups_waiting_from_its_first_moment(tmp_path: Path) -> None:
    """Long before it has read its configuration."""
    with Project(tmp_path, []).start() as daemon:
        until(lambda: is_held(daemon.pid))
        daemon.send_signal(signal.SIGHUP)
        until(lambda: "configuration taken up" in (tmp_path / "daemon.log").read_text())
        assert stop(daemon) == 0


def is_held(process: int) -> bool:
    """Whether SIGHUP has to wait."""
    (blocked,) = re.findall(r"SigBlk:\t(\w+)", Path(f"/proc/{process}/status").read_text())
    return bool(int(blocked, 16) & 1 << signal.SIGHUP - 1)
