"""How many exchanges run at once, and how soon one origin is asked again (HX-21)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta


class OriginBudget:
    """Shares out the right to ask. One origin's queue never holds up another's."""

    def __init__(self, *, per_host: int, host_delay: timedelta, concurrency: int) -> None:
        """Allow an origin ``per_host`` exchanges in flight, started ``host_delay`` apart; ``concurrency`` in all."""
        self._per_host = per_host
        self._delay = host_delay.total_seconds()
        self._everyone = asyncio.Semaphore(concurrency)
        self._lanes: dict[str, _Lane] = {}

    @asynccontextmanager
    async def slot(self, origin: str) -> AsyncIterator[None]:
        """Hold one exchange's place: entered when it may start, first come first served."""
        lane = self._enter(origin)
        try:
            async with lane.seats:
                await self._start(lane)
                try:
                    yield
                finally:
                    self._everyone.release()
        finally:
            self._leave(origin, lane)

    def __len__(self) -> int:
        """Origins remembered: those that ask, wait, or may not ask again yet."""
        return len(self._lanes)

    async def _start(self, lane: "_Lane") -> None:
        # One of an origin at a time waits for its turn and only then for the global limit: spacing holds however long
        # that takes, and no origin fills the queue of all.
        async with lane.turn:
            loop = asyncio.get_running_loop()
            await asyncio.sleep(lane.next_start - loop.time())
            await self._everyone.acquire()
            lane.next_start = loop.time() + self._delay

    def _enter(self, origin: str) -> "_Lane":
        lane = self._lanes.setdefault(origin, _Lane(self._per_host))
        lane.users += 1
        if lane.forgetting is not None:
            lane.forgetting.cancel()
            lane.forgetting = None
        return lane

    def _leave(self, origin: str, lane: "_Lane") -> None:
        lane.users -= 1
        if lane.users == 0:  # remembered until it may start again anyway
            lane.forgetting = asyncio.get_running_loop().call_at(lane.next_start, self._lanes.pop, origin)


class _Lane:
    def __init__(self, per_host: int) -> None:
        self.seats = asyncio.Semaphore(per_host)
        self.turn = asyncio.Lock()
        self.next_start = 0.0  # on the event loop's clock
        self.users = 0
        self.forgetting: asyncio.TimerHandle | None = None
