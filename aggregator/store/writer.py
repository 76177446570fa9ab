"""The one thread that writes (SU-04): async code hands it functions of a unit of work and awaits what they return."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

from aggregator.store.contract import Store, Work

T = TypeVar("T")


class Writer:
    """Runs each function in one transaction of its own, in the order of the calls."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-writer")

    async def __call__(self, job: Callable[[Work], T]) -> T:
        """Return what ``job`` returns once its transaction is committed; raise what it raises, rolled back."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, job)

    def _run(self, job: Callable[[Work], T]) -> T:
        with self._store.work() as work:
            return job(work)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The connection belongs to the thread that opened it.
        await asyncio.get_running_loop().run_in_executor(self._thread, self._store.close)
        self._thread.shutdown()
