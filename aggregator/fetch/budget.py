"""How many exchanges run at once, how soon one origin is asked again, and what its answers teach (HX-21)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.fetch.pace import SLOWEST, Signal, learn, spacing_of
from aggregator.model import Pace

_PATIENCE = 60.0  # seconds that a request waits for an origin which asked to be left alone
# That a redirect waits for the origin it leads to: its own place is taken meanwhile.
HOP_PATIENCE = timedelta(seconds=10)
_MOST_LEARNT = 10_000  # origins: redirects may lead to any number of them
_LONGEST_WAIT = timedelta(hours=25)  # SC-28; 24 h (ST-03) and jitter
_SPACING_JITTER = 0.1
_ON_TIME = 0.01  # seconds by which a start may slip


class OriginPausedError(Exception):
    """The origin cannot be asked soon; nothing was sent to it."""

    def __init__(self, origin: str, wait: timedelta) -> None:
        super().__init__(f"{origin} may be asked again in {wait}")
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one origin is granted. With ``shared_verdict`` off, what one answer says is not held against the others."""

    per_host: int
    delay: timedelta
    shared_verdict: bool = True


class OriginBudget:
    """Shares out the right to ask. One origin's queue never holds up another's."""

    def __init__(
        self,
        *,
        per_host: int,
        host_delay: timedelta,
        concurrency: int,
        special: Mapping[str, Limits] | None = None,
        chance: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """Allow an origin ``per_host`` exchanges in flight, started ``host_delay`` apart; ``concurrency`` in all.

        ``special`` names origins with limits of their own; ``chance`` in [0, 1) lengthens distances by up to a tenth.
        """
        self._usual = Limits(per_host=per_host, delay=host_delay)
        self._special = dict(special or {})
        self._chance = chance
        self._everyone = asyncio.Semaphore(concurrency)
        self._lanes: dict[str, _Lane] = {}
        self._paces: dict[str, Pace] = {}  # only of origins about which there is something to know
        self._resume: dict[str, float] = {}  # when they may be asked again, on the event loop's clock (SC-28)
        self._news: set[str] = set()

    @asynccontextmanager
    async def slot(self, origin: str) -> AsyncIterator[None]:
        """Hold one exchange's place: entered when it may start, first come first served.

        Raises ``OriginPausedError`` where that is not soon.
        """
        lane = self._enter(origin)
        try:
            async with lane.seats:
                await self._start(origin, lane)
                try:
                    yield
                finally:
                    self._everyone.release()
        finally:
            self._leave(origin, lane)

    async def hop(self, origin: str) -> None:
        """Wait until a redirect may lead to ``origin``, and count it there. Raises ``OriginPausedError``.

        It takes no second seat: two origins that redirect to each other would wait for each other for ever.
        """
        lane = self._enter(origin)
        try:
            now = asyncio.get_running_loop().time()
            patience = HOP_PATIENCE.total_seconds()
            if lane.next_start - now > patience:
                raise OriginPausedError(origin, timedelta(seconds=lane.next_start - now))
            start, _ = self._reserve(origin, lane, patience)
            await asyncio.sleep(start - now)
        finally:
            self._leave(origin, lane)

    def follow(self, origin: str) -> None:
        """Count a request that follows one to the same origin at once: a redirect within it. The next keeps away."""
        lane = self._enter(origin)
        lane.not_before = asyncio.get_running_loop().time() + self.distance(origin).total_seconds()
        self._leave(origin, lane)

    def heard(self, origin: str, signal: Signal) -> None:
        """Learn from an answer of ``origin``."""
        limits = self._limits(origin)
        if not limits.shared_verdict:
            return
        before = self._paces.get(origin) or Pace(origin=origin)
        after = learn(before, signal, limits.delay, chance=self._chance())
        if after != before:
            self._remember(after, signal.at)
            self._news.add(origin)

    def restore(self, paces: Iterable[Pace], now: datetime) -> None:
        """Take up what an earlier process learnt; a wait longer than any server may ask for is a clock's mistake."""
        for pace in paces:
            mistaken = pace.not_before is not None and pace.not_before - now > _LONGEST_WAIT
            self._remember(replace(pace, not_before=None) if mistaken else pace, now)

    def mend(self, now: datetime) -> None:
        """Take the time to be ``now``, whatever it was: the clock went back, and the waits are as long as before."""
        time = asyncio.get_running_loop().time()
        for origin, pace in self._paces.items():
            left = timedelta(seconds=self._resume.get(origin, time) - time)
            self._paces[origin] = replace(
                pace,
                slowed_at=pace.slowed_at and min(pace.slowed_at, now),
                not_before=now + left if pace.not_before and left > timedelta() else None,
            )

    def news(self) -> tuple[Pace, ...]:
        """Return what was learnt since this was last asked, to be kept."""
        known = tuple(self._paces.get(origin) or Pace(origin=origin) for origin in sorted(self._news))
        self._news.clear()
        return known

    def waits(self) -> dict[str, timedelta]:
        """Return the origins that may not be asked yet, and how long each has to be left alone."""
        now = asyncio.get_running_loop().time()
        starts = {origin: max(lane.next_start, lane.not_before) for origin, lane in self._lanes.items()}
        return {origin: timedelta(seconds=start - now) for origin, start in starts.items() if start > now}

    def distance(self, origin: str) -> timedelta:
        """Return by how much a request of the origin keeps away from the one before it."""
        usual = self._limits(origin).delay
        pace = self._paces.get(origin)
        distance = spacing_of(pace, usual) if pace else usual
        return distance * (1 + _SPACING_JITTER * self._chance())

    def shares_verdicts(self, origin: str) -> bool:
        """Whether what one feed of the origin is told holds for all of them."""
        return self._limits(origin).shared_verdict

    @property
    def most_per_origin(self) -> int:
        """The most exchanges that any origin may have in flight."""
        return max(limits.per_host for limits in (self._usual, *self._special.values()))

    @property
    def longest_queue(self) -> timedelta:
        """How long the last of ``per_host`` feeds may wait for its turn."""
        waits = [limits.per_host * limits.delay for limits in (self._usual, *self._special.values())]
        return max(*waits, SLOWEST) * (1 + _SPACING_JITTER) + timedelta(seconds=_PATIENCE)

    def __len__(self) -> int:
        """Origins remembered for spacing: those that ask, wait, or may not ask again yet."""
        return len(self._lanes)

    async def _start(self, origin: str, lane: "_Lane") -> None:
        # One of an origin at a time waits for its turn and only then for the global limit: spacing holds however long
        # that takes, and no origin fills the queue of all.
        loop = asyncio.get_running_loop()
        async with lane.turn:
            while True:
                start, following = self._reserve(origin, lane, _PATIENCE)
                await asyncio.sleep(start - loop.time())
                await self._everyone.acquire()
                late = loop.time() - start
                is_free = max(self._resume.get(origin, 0.0), lane.not_before) <= loop.time()
                if is_free and (late < _ON_TIME or lane.next_start == following):
                    break
                self._everyone.release()  # while it waited the origin was paused, or a redirect took its place
            lane.next_start = max(lane.next_start, following + late)

    def _reserve(self, origin: str, lane: "_Lane", patience: float) -> tuple[float, float]:
        """Return when the next request of the lane may start and when the one after it."""
        now = asyncio.get_running_loop().time()
        resume = self._resume.get(origin, 0.0)
        if resume - now > patience:
            raise OriginPausedError(origin, timedelta(seconds=resume - now))
        start = max(now, lane.next_start, lane.not_before, resume)
        lane.next_start = start + self.distance(origin).total_seconds()
        return start, lane.next_start

    def _remember(self, pace: Pace, now: datetime) -> None:
        loop = asyncio.get_running_loop()
        self._paces[pace.origin] = pace
        if pace.not_before is not None:
            self._resume[pace.origin] = loop.time() + (pace.not_before - now).total_seconds()
        while len(self._paces) > _MOST_LEARNT:
            oldest = next(iter(self._paces))
            self._paces.pop(oldest)
            self._resume.pop(oldest, None)

    def _limits(self, origin: str) -> Limits:
        return self._special.get(origin, self._usual)

    def _enter(self, origin: str) -> "_Lane":
        lane = self._lanes.setdefault(origin, _Lane(self._limits(origin).per_host))
        lane.users += 1
        if lane.forgetting is not None:
            lane.forgetting.cancel()
            lane.forgetting = None
        return lane

    def _leave(self, origin: str, lane: "_Lane") -> None:
        lane.users -= 1
        if lane.users == 0:  # remembered until it may start again anyway
            lane.forgetting = asyncio.get_running_loop().call_at(
                max(lane.next_start, lane.not_before), self._lanes.pop, origin
            )


class _Lane:
    def __init__(self, per_host: int) -> None:
        self.seats = asyncio.Semaphore(per_host)
        self.turn = asyncio.Lock()
        self.next_start = 0.0  # on the event loop's clock
        self.not_before = 0.0  # is anybody to start, whatever was promised
        self.users = 0
        self.forgetting: asyncio.TimerHandle | None = None
