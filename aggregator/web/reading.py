"""Reading the store off the event loop: in a few threads, on connections that are kept, in short snapshots (SQ-05)."""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from aggregator.store.contract import Reader, Store, Work

T = TypeVar("T")
U = TypeVar("U")
_THREADS = 4  # a read is some milliseconds; more would only wait for each other


class Reading:
    """Runs functions that read."""

    def __init__(self, store: Store) -> None:
        self._threads = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="site")
        # As many as threads, so that there is always one; the last one back is the first one out.
        self._readers: deque[Reader] = deque(store.reader() for _ in range(_THREADS))
        self._own = store.reader()  # the event loop's

    async def __call__(self, job: Callable[[Work], T]) -> T:
        """Return what ``job`` returns. It must not keep the work, nor anything that reads later. Raises StoreError."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, job)

    async def then(self, job: Callable[[Work], T], finish: Callable[[T], U]) -> U:
        """Return what ``finish`` makes of what ``job`` read, in the same thread and after the snapshot."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: finish(self._run(job)))

    def at_once(self, job: Callable[[Work], T]) -> T | None:
        """Return what ``job`` returns, which has to be a matter of microseconds, without leaving the event loop.

        To a thread and back takes several times as long as finding a row. None where the database is too far away.
        Raises StoreError.
        """
        if not self._own.is_near:
            return None
        with self._own.read() as work:
            return job(work)

    async def aside(self, job: Callable[[], T]) -> T:
        """Run what takes its time and reads nothing in one of the same threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, job)

    def _run(self, job: Callable[[Work], T]) -> T:
        reader = self._readers.pop()
        try:
            with reader.read() as work:
                return job(work)
        finally:
            self._readers.append(reader)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._threads.shutdown)
        for reader in (*self._readers, self._own):
            reader.close()
