"""Pages read by wrk, which costs next to nothing itself (https://github.com/wg/wrk; apt install wrk)."""

import asyncio
import re
import shutil
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

IS_INSTALLED = shutil.which("wrk") is not None
_SCRIPT = Path(__file__).with_name("pages.lua")
_CONNECTIONS = 32
_FOR_EVER = 3600  # seconds


@dataclass(slots=True, kw_only=True)
class Read:
    """What was read; filled in at the end."""

    process: Process
    pages: int = 0
    seconds: float = 0.0
    median_ms: float = 0.0


@asynccontextmanager
async def reading(port: int, paths: Sequence[str], *, rate: int = 0) -> AsyncIterator[Read]:
    """Read pages at random during the block, so many a second (0: as fast as they come). All have to be answered."""
    with NamedTemporaryFile("w") as listed:
        listed.writelines(f"{path}\n" for path in paths)
        listed.flush()
        process = await asyncio.create_subprocess_exec(
            "wrk",
            *("--threads", "1", "--connections", str(_CONNECTIONS), "--duration", str(_FOR_EVER), "--latency"),
            *("--script", str(_SCRIPT), f"http://127.0.0.1:{port}", "--", listed.name, str(rate)),
            stdout=PIPE,
        )
        read = Read(process=process)
        try:
            yield read
        finally:
            process.send_signal(signal.SIGINT)
            said = (await process.communicate())[0].decode()
    assert "Non-2xx" not in said, said
    assert "Socket errors" not in said or "connect 0, read 0, write 0" in said, said  # late is not lost
    pages, seconds = re.findall(r"(\d+) requests in ([\d.]+)s", said)[0]
    median, unit = re.findall(r"50%\s+([\d.]+)(us|ms|s)", said)[0]
    read.pages, read.seconds = int(pages), float(seconds)
    read.median_ms = float(median) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
