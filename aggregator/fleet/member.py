"""One process of a fleet: it holds buckets for up to a minute each, polls them, and watches over the others."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from aggregator.fetch.budget import HOP_PATIENCE, OriginBudget, OriginPausedError
from aggregator.fetch.policy import FetchRequest
from aggregator.jobs import Job
from aggregator.model import Feed, FetchResult
from aggregator.poller import Poller
from aggregator.store.contract import StaleClaimError, Work
from aggregator.store.fleet import SILENCE, Tenure, fleet_of
from aggregator.store.sqlite.feed_rows import BUCKETS, bucket_of
from aggregator.store.writer import Writer
from aggregator.tooling import Workshop

_TERM_SECONDS = 60.0
_SHARES = 64  # of the term, by which holders' ends lie apart
_LINGER_SECONDS = 10.0  # that nothing of a bucket has been due: passing it on costs as much as many polls
_LOOK_EVERY, _EVERY = timedelta(seconds=2), timedelta(seconds=5)
_SURE_SECONDS = 20.0  # after a sign of life: long before anybody else takes it for gone it stops asking by itself

log = structlog.get_logger("aggregator.fleet")


class Member:
    """Holds buckets; the poller claims from those alone."""

    def __init__(self, url: str, write: Writer, clock: Callable[[], datetime]) -> None:
        # Not at the top: who polls alone need not have it installed.
        from aggregator.fleet.queue import Queue  # noqa: PLC0415

        self._queue = Queue(url, self._hold)
        self._write = write
        self._clock = clock
        self._held: dict[int, Tenure] = {}  # by bucket
        self._open: dict[int, Tenure] = {}  # of those, where feeds are claimed
        self._running: set[int] = set()  # the jobs that the queue has begun here
        self._strays: frozenset[int] = frozenset()  # those that it says we run and we do not, as last seen
        self._worker: int | None = None  # as the queue knows this process of late
        self._met: dict[int, set[str]] = {}  # the origins of those that were asked since
        self._busy_at: dict[int, float] = {}  # when there was something to do in those, on the event loop's clock
        self._sure_until = 0.0  # on the event loop's clock, which goes on while the process is frozen
        self._leaving = asyncio.Event()

    @asynccontextmanager
    async def polling(self, poller: Poller, budget: Callable[[], OriginBudget]) -> AsyncIterator[None]:
        """Take part during the block; at its end what is held is handed over."""
        self._poller, self._budget, self._loop = poller, budget, asyncio.get_running_loop()
        async with self._queue.working(BUCKETS):
            try:
                yield
            finally:
                self.stop()

    def stop(self) -> None:
        """Hand over what is held as soon as its polls have ended."""
        self._leaving.set()

    @property
    def jobs(self) -> list[Job]:
        """What it does again and again."""
        return [
            Job(self._look, _LOOK_EVERY),
            *(Job(act, _EVERY) for act in (self._confirm, self._put, self._reap, self._end_frozen)),
        ]

    def claim(
        self, work: Work, now: datetime, /, *, limit: int, per_origin: int, token: str, lease_until: datetime
    ) -> list[Feed]:
        """Claim feeds of the buckets that it holds."""
        tenures = list(self._open.values())
        if not tenures:
            return []
        feeds = fleet_of(work).claim_due(
            tenures, now, limit=limit, per_origin=per_origin, token=token, lease_until=lease_until
        )
        self._meet(work, {feed.origin for feed in feeds}, now)
        return feeds

    def _meet(self, work: Work, origins: set[str], now: datetime) -> None:
        """Take up what the last holders of the buckets learnt of origins; in the writer's thread."""
        new = {origin for origin in origins if origin not in self._met.get(bucket_of(origin), ())}
        if new:
            paces = fleet_of(work).paces(new)
            # On the loop that comes before the feeds are polled: those are returned after this.
            self._loop.call_soon_threadsafe(self._budget().restore, paces, now)
            for origin in new:
                self._met.setdefault(bucket_of(origin), set()).add(origin)

    def guard(
        self, ask: Callable[[FetchRequest], Awaitable[FetchResult]]
    ) -> Callable[[FetchRequest], Awaitable[FetchResult]]:
        """Return what asks only as long as nobody else may have the bucket. Raises StaleClaimError."""

        async def asked(request: FetchRequest) -> FetchResult:
            is_feed = request.home is None and request.origin is not None
            if not self._is_sure or (is_feed and bucket_of(request.origin or "") not in self._held):
                raise StaleClaimError(request.url)
            return await ask(request)

        return asked

    async def lead(self, budget: OriginBudget, origin: str) -> None:
        """Wait until a redirect may lead to an origin, which may be another process's. Raises OriginPausedError."""
        if bucket_of(origin) not in self._held:
            now, distance = self._clock(), budget.distance(origin)
            wait = await self._write(
                lambda work: fleet_of(work).pass_by(origin, now, patience=HOP_PATIENCE, distance=distance)
            )
            if wait > HOP_PATIENCE:
                raise OriginPausedError(origin, wait)
            await asyncio.sleep(wait.total_seconds())
        await budget.hop(origin)

    @property
    def _is_sure(self) -> bool:
        return asyncio.get_running_loop().time() < self._sure_until

    async def _hold(self, tenure: Tenure) -> None:
        """Poll a bucket until nothing of it is due any more, or for a minute; then hand it over."""
        self._worker = tenure.worker
        self._running.add(tenure.job)
        try:
            if not self._leaving.is_set():
                await self._hold_on(tenure)
        finally:
            self._running.discard(tenure.job)

    async def _hold_on(self, tenure: Tenure) -> None:
        await self._confirm(tenure)
        self._met[tenure.bucket] = set()
        self._busy_at[tenure.bucket] = asyncio.get_running_loop().time()
        self._held[tenure.bucket] = self._open[tenure.bucket] = tenure
        try:
            await self._serve(tenure)
        finally:
            if self._open.get(tenure.bucket) == tenure:
                del self._open[tenure.bucket]
            await self._end(tenure)

    async def _serve(self, tenure: Tenure) -> None:
        now = asyncio.get_running_loop().time
        end = now() + _term(tenure)
        while self._held.get(tenure.bucket) == tenure and not self._leaving.is_set():
            left = min(end, self._busy_at[tenure.bucket] + _LINGER_SECONDS) - now()
            if left <= 0:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._leaving.wait()

    async def _look(self) -> None:
        """Take note of the buckets in which there is something to do."""
        buckets, now = list(self._open), self._clock()
        if buckets:
            due = await self._write.once(lambda work: fleet_of(work).due(buckets, now))
            polled = {bucket_of(feed.origin) for feed in self._poller.under_way}
            self._busy_at |= dict.fromkeys(due | polled, asyncio.get_running_loop().time())

    async def _end(self, tenure: Tenure) -> None:
        # The writer is in order: what was claimed before this is under way once it has returned.
        now = self._clock()
        await self._write(lambda work: fleet_of(work).due([tenure.bucket], now))
        await self._poller.end_of(lambda feed: bucket_of(feed.origin) == tenure.bucket)
        if self._held.get(tenure.bucket) == tenure:
            del self._held[tenure.bucket]
        now = self._clock()
        free = {
            origin: now + wait for origin, wait in self._budget().waits().items() if bucket_of(origin) == tenure.bucket
        }
        if not await self._write(lambda work: fleet_of(work).hand_over(tenure, free)):
            log.warning("bucket taken over", bucket=tenure.bucket)

    async def _confirm(self, *more: Tenure) -> None:
        """Show life, and let go of what others have taken."""
        tenures = [*self._held.values(), *more]
        before = asyncio.get_running_loop().time()
        ours = await self._write.once(lambda work: fleet_of(work).confirm(tenures))
        for tenure in tenures:
            if tenure.job not in ours:
                for buckets in (self._held, self._open):
                    if buckets.get(tenure.bucket) == tenure:
                        del buckets[tenure.bucket]
        self._sure_until = before + _SURE_SECONDS

    async def _put(self) -> None:
        now = self._clock()
        await self._queue.put(await self._write.once(lambda work: fleet_of(work).idle(now)))

    async def _reap(self) -> None:
        buckets = await self._write.once(lambda work: fleet_of(work).reap(SILENCE))
        if buckets:
            log.warning("a process of the fleet was not heard of: its buckets are free", buckets=len(buckets))
        await self._end_strays()

    async def _end_frozen(self) -> None:
        ended = await self._queue.end_frozen(_SURE_SECONDS)
        if ended:
            log.warning("transactions of a frozen process were ended", transactions=ended)

    async def _end_strays(self) -> None:
        """End the jobs whose end, or whose beginning here, the queue has missed: the database was away."""
        worker, running = self._worker, frozenset(self._running)
        if worker is not None:
            strays = await self._write.once(lambda work: fleet_of(work).strays(worker, running))
            # What was seen but once may be about to begin, or about to be told of.
            again, self._strays = strays & self._strays - self._running, strays
            if again:
                await self._write.once(lambda work: fleet_of(work).end(again))
                log.warning("jobs of the queue were ended that nobody ran", jobs=len(again))


def _term(tenure: Tenure) -> float:
    """Return for how many seconds a bucket is held. What began together does not end together."""
    return _TERM_SECONDS * (1 + tenure.job % _SHARES / _SHARES) / 2


@asynccontextmanager
async def member_of(queue: str | None, workshop: Workshop) -> AsyncIterator[tuple[Member | None, Workshop]]:
    """Offer what takes part in a fleet, if there is one, and a workshop whose tools ask for what it holds alone."""
    if queue is None:
        yield None, workshop
    else:
        member = Member(queue, workshop.write, workshop.clock)
        yield member, replace(workshop, guard=member.guard, lead=member.lead, is_shared=True)
