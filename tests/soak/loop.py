"""An event loop whose time passes only when everybody waits for it."""

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar

T = TypeVar("T")


class SimulatedLoop(asyncio.SelectorEventLoop):
    """Jumps to the next timer as soon as nothing can be done before it.

    While a thread works (the store's writer does) time stands still, so a slow machine changes nothing.
    """

    def __init__(self) -> None:
        self._seconds = 0.0
        self._working = 0  # in other threads
        super().__init__(_Patience(self))

    def time(self) -> float:
        """Return the simulated seconds since the start."""
        return self._seconds

    def pass_time(self, seconds: float) -> None:
        """Move on."""
        self._seconds += seconds

    @property
    def is_working(self) -> bool:
        """Whether a thread has yet to come back."""
        return self._working > 0

    def run_in_executor(  # type: ignore[override]  # a future that is awaited all the same
        self, executor: Executor | None, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """Count the work that is under way elsewhere."""
        self._working += 1
        done = super().run_in_executor(executor, func, *args)
        done.add_done_callback(self._worked)
        return done

    def _worked(self, _: asyncio.Future[Any]) -> None:
        self._working -= 1


class _Patience(selectors.SelectSelector):
    """Knows no waiting for time, only for threads."""

    def __init__(self, loop: SimulatedLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout <= 0:
            return super().select(0)
        if self._loop.is_working:
            return super().select(None)
        if timeout is None:
            raise RuntimeError("everybody waits, and nobody for the time")
        self._loop.pass_time(timeout)
        return super().select(0)
