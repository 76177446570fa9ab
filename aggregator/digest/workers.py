"""Worker processes for digesting, bounded in memory and time: a hostile document costs one feed (XM-14, XM-15)."""

import asyncio
import ctypes
import multiprocessing
import resource
import signal
from collections.abc import Callable
from concurrent.futures import TimeoutError as WorkerTimeoutError
from types import TracebackType
from typing import Self, TypeVar

import structlog
from pebble import ProcessExpired, ProcessPool

from aggregator.digest.job import DigestJob
from aggregator.digest.memory import return_large_blocks
from aggregator.model import Digest, FailureKind, Unreadable
from aggregator.settings.values import shown

T = TypeVar("T")

PARSE_SECONDS = 10.0
_DATA_BYTES = 768 * 2**20  # heap and private mappings of one worker
_PR_SET_PDEATHSIG = 1

log = structlog.get_logger("aggregator.digest")


class Digester:
    """A pool of workers. A worker that hangs is killed, one that dies is replaced, and the others never notice."""

    def __init__(self, workers: int, *, seconds: float = PARSE_SECONDS) -> None:
        # spawn: a forked child would share the store's connection and the event loop's threads (SQ-14).
        self._pool = ProcessPool(
            max_workers=workers, initializer=_prepare, context=multiprocessing.get_context("spawn")
        )
        self._seconds = seconds

    async def __call__(self, job: DigestJob) -> Digest | Unreadable:
        """Return the document's digest; a worker's end is a value (and a line of the log), a bug is raised."""
        return await self._run(_digest, job)

    async def _run(self, function: Callable[[DigestJob], T], job: DigestJob) -> T | Unreadable:
        try:
            return await asyncio.wrap_future(self._pool.schedule(function, args=(job,), timeout=self._seconds))
        except WorkerTimeoutError:
            return _lost(job, "parse-timeout", f"reading the document took longer than {self._seconds:g} seconds")
        except ProcessExpired:
            return _lost(job, "parse-crashed", "reading the document ended its worker process")
        except MemoryError:
            return Unreadable(kind="parse-crashed", message="reading the document took too much memory")

    async def __aenter__(self) -> Self:
        self._pool.schedule(_ready)  # starts the workers: they load what they need while the first documents come in
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.stop()
        await asyncio.to_thread(self._pool.join, 10)


def _lost(job: DigestJob, kind: FailureKind, message: str) -> Unreadable:
    log.warning("worker lost", feed=shown(job.feed_url), kind=kind)
    return Unreadable(kind=kind, message=message)


def _ready() -> None:
    """Do nothing, in a worker that is up."""


def _digest(job: DigestJob) -> Digest | Unreadable:
    # What reads documents is loaded here, by the workers: the daemon has no use for it.
    from aggregator.digest.pipeline import digest  # noqa: PLC0415

    return digest(job)


def _prepare() -> None:
    """Begin a worker: limits, signals, an end when the parent's comes, and what the first document would wait for."""
    import aggregator.digest.pipeline  # noqa: F401, PLC0415

    resource.setrlimit(resource.RLIMIT_DATA, (_DATA_BYTES, _DATA_BYTES))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which drains
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    return_large_blocks()
