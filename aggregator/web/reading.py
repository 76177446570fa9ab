"""Reading the store off the event loop: in a few threads, on connections that are kept, in short snapshots (SQ-05)."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import LifoQueue
from types import TracebackType
from typing import Self, TypeVar

from aggregator.store.contract import Reader, Store, Work

T = TypeVar("T")
_THREADS = 4  # a read is some milliseconds; more would only wait for each other


class Reading:
    """Runs functions that read."""

    def __init__(self, store: Store) -> None:
        self._threads = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="site")
        self._readers: LifoQueue[Reader] = LifoQueue()
        for _ in range(_THREADS):
            self._readers.put(store.reader())

    async def __call__(self, job: Callable[[Work], T]) -> T:
        """Return what ``job`` returns. It must not keep the work, nor anything that reads later. Raises StoreError."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, job)

    async def aside(self, job: Callable[[], T]) -> T:
        """Run what takes its time and reads nothing in one of the same threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, job)

    def _run(self, job: Callable[[Work], T]) -> T:
        reader = self._readers.get()
        try:
            with reader.read() as work:
                return job(work)
        finally:
            self._readers.put(reader)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._threads.shutdown)
        while not self._readers.empty():
            self._readers.get().close()
