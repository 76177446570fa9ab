"""The one thread that writes (SU-04): async code hands it functions of a unit of work and awaits what they return."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

import structlog

from aggregator.store.contract import Store, StoreUnavailableError, Work

T = TypeVar("T")
log = structlog.get_logger("aggregator.store")

_RETRY_SECONDS = 2.0
_MOST_AT_ONCE = 20  # the rest of what a transaction costs by itself is not worth the wait of the first of them


@dataclass(frozen=True, slots=True, eq=False)
class _Call:
    job: Callable[[Work], Any]
    answer: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Raised:
    error: BaseException


class Writer:
    """Runs functions in the order of the calls, each of them whole or not at all.

    Those that wait share a transaction, and are told when it is committed: where one fails, the others are written
    without it (SU-04). A patient one does not give up while the store cannot be written (SQ-08, SQ-09): calls wait in
    their order, and the first of them tries again every few seconds. Functions may so be run more than once; only one
    run is committed.
    """

    def __init__(self, store: Store, *, patient: bool = False, retry_seconds: float = _RETRY_SECONDS) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-writer")
        self._patient = patient
        self._retry_seconds = retry_seconds
        self._calls: deque[_Call] = deque()
        self._queue = asyncio.Lock()  # who waits; fair, so that calls keep their order
        self._waiting = 0
        self._trouble: str | None = None
        self._giving_up = asyncio.Event()

    @property
    def is_held_up(self) -> bool:
        """Whether calls wait for the store to be writable again, or for those that did."""
        return self._waiting > 0

    async def __call__(self, job: Callable[[Work], T]) -> T:
        """Return what ``job`` returns once it is committed; raise what it raises, rolled back."""
        if not self._patient:
            return await self.once(job)
        if not self._waiting:
            try:
                return await self.once(job)
            except StoreUnavailableError:
                if self._giving_up.is_set():
                    raise
        self._waiting += 1
        try:
            async with self._queue:
                result = await self._until_written(job)
        finally:
            self._waiting -= 1
        self._went_well()
        return result

    async def once(self, job: Callable[[Work], T]) -> T:
        """As a call, but raise StoreUnavailableError instead of waiting."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._calls.append(_Call(job, answer))
        loop.run_in_executor(self._thread, self._write)  # one finds all that wait, and those after it nothing
        try:
            result = await answer
        except StoreUnavailableError as error:
            self._tell(str(error))
            raise
        self._went_well()
        return result

    def give_up(self) -> None:
        """Wait no more: whoever does gets the StoreUnavailableError."""
        self._giving_up.set()

    async def _until_written(self, job: Callable[[Work], T]) -> T:
        while True:
            try:
                return await self.once(job)
            except StoreUnavailableError:
                if await self._gave_up():
                    raise

    async def _gave_up(self) -> bool:
        """Let a while pass; True where there is no more waiting."""
        try:
            async with asyncio.timeout(self._retry_seconds):
                return await self._giving_up.wait()
        except TimeoutError:
            return False

    def _went_well(self) -> None:
        """The trouble is over where nobody waits any more; one call that passed, and perhaps only read, says little."""
        if not self._waiting:
            self._tell(None)

    def _tell(self, trouble: str | None) -> None:
        """Say to whoever reads the log or asks for the status that nothing can be written, or that it can be again."""
        if (trouble is None) == (self._trouble is None):
            return
        self._trouble = trouble
        self._store.tell(trouble)
        if trouble is None:
            log.info("the store can be written again")
        else:
            log.error("the store cannot be written: polling is paused", reason=trouble)

    def _write(self) -> None:
        """Write what waits, in the thread."""
        calls = [self._calls.popleft() for _ in range(min(len(self._calls), _MOST_AT_ONCE))]
        if calls:
            calls[0].answer.get_loop().call_soon_threadsafe(_settle, calls, self._ends(calls))

    def _ends(self, calls: Sequence[_Call]) -> Sequence[object]:
        """Return what the calls return in one transaction; where one of them fails, in as few as it takes."""
        try:
            with self._store.work() as work:
                return [call.job(work) for call in calls]
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            if len(calls) == 1:
                return [_Raised(error)]
        middle = len(calls) // 2  # one that fails is rare, and a full disk may have room for some of them
        return [*self._ends(calls[:middle]), *self._ends(calls[middle:])]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The connection belongs to the thread that opened it.
        await asyncio.get_running_loop().run_in_executor(self._thread, self._store.close)
        self._thread.shutdown()


def _settle(calls: Sequence[_Call], ends: Sequence[object]) -> None:
    for call, end in zip(calls, ends, strict=True):
        if call.answer.done():  # nobody waits for it any more
            continue
        if isinstance(end, _Raised):
            call.answer.set_exception(end.error)
        else:
            call.answer.set_result(end)
