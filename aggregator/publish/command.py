"""One change to one command: its envelope as a line on standard input, and no shell anywhere (OI-16)."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from aggregator.model import Change
from aggregator.publish.envelope import change_line
from aggregator.publish.retrying import Refusal

_SHOWN = 200  # characters of what it complained


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Runs the program of one ``[[command]]``, once for each change."""

    argv: Sequence[str]
    timeout: timedelta
    base_url: str

    async def __call__(self, change: Change) -> Refusal | None:
        """Return why the change was not taken: only exit status 0 is a yes."""
        try:
            # Its own process group: what it started ends with it.
            process = await asyncio.create_subprocess_exec(
                *self.argv, stdin=PIPE, stdout=DEVNULL, stderr=PIPE, start_new_session=True
            )
        except (OSError, ValueError) as error:
            return Refusal(message=f"cannot be run: {error}")
        try:
            async with asyncio.timeout(self.timeout.total_seconds()):
                return await _ran(process, change_line(change, self.base_url))
        except TimeoutError:
            return Refusal(message=f"not done within {self.timeout.total_seconds():g} s")
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _ran(process: Process, line: bytes) -> Refusal | None:
    assert process.stdin is not None
    assert process.stderr is not None
    complaint, _ = await asyncio.gather(_tail(process.stderr), _fed(process.stdin, line))
    status = await process.wait()
    if status == 0:
        return None
    how = f"exit status {status}" if status > 0 else f"killed by signal {-status}"
    return Refusal(message=f"{how}: {complaint}" if complaint else how)


async def _fed(stdin: asyncio.StreamWriter, line: bytes) -> None:
    """Write the line; a program that does not read it says by its status what it makes of that."""
    with suppress(ConnectionError):
        stdin.write(line)
        await stdin.drain()
    stdin.close()
    with suppress(ConnectionError):
        await stdin.wait_closed()


async def _tail(stderr: asyncio.StreamReader) -> str:
    """Return the end of what the program complained, however much that was."""
    tail = b""
    while piece := await stderr.read(1 << 16):
        tail = (tail + piece)[-4 * _SHOWN :]
    return tail.decode(errors="replace").strip()[-_SHOWN:]
