"""One process of a fleet: it holds buckets for a minute each, polls them, and watches over the others."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from aggregator.fetch.budget import OriginBudget
from aggregator.fetch.policy import FetchRequest
from aggregator.jobs import Job
from aggregator.model import Feed, FetchResult
from aggregator.poller import Poller
from aggregator.settings import Settings
from aggregator.store.contract import StaleClaimError, Work
from aggregator.store.fleet import Tenure, fleet_of
from aggregator.store.sqlite.feed_rows import bucket_of
from aggregator.store.writer import Writer
from aggregator.tooling import Workshop

_TERM_SECONDS = 60.0
_LOOK_SECONDS = 1.0
_EVERY = timedelta(seconds=5)
# Whoever was not heard of for longer is reaped; long before that he stops asking by himself.
SILENCE = timedelta(seconds=30)
_SURE_SECONDS = 20.0

log = structlog.get_logger("aggregator.fleet")


class Member:
    """Holds buckets; the poller claims from those alone."""

    def __init__(self, url: str, write: Writer, clock: Callable[[], datetime], *, at_once: int) -> None:
        """``at_once``: how many buckets it holds at most."""
        # Not at the top: who polls alone need not have it installed.
        from aggregator.fleet.queue import Queue  # noqa: PLC0415

        self._queue = Queue(url, self._hold)
        self._write = write
        self._clock = clock
        self._at_once = at_once
        self._held: dict[int, Tenure] = {}  # by bucket
        self._open: dict[int, Tenure] = {}  # of those, where feeds are claimed
        self._sure_until = 0.0  # on the event loop's clock, which goes on while the process is frozen
        self._leaving = asyncio.Event()

    @asynccontextmanager
    async def polling(self, poller: Poller, budget: Callable[[], OriginBudget]) -> AsyncIterator[None]:
        """Take part during the block; at its end what is held is handed over."""
        self._poller, self._budget = poller, budget
        async with self._queue.working(self._at_once):
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
        return [Job(self._confirm, _EVERY), Job(self._put, _EVERY), Job(self._reap, _EVERY)]

    def claim(
        self, work: Work, now: datetime, /, *, limit: int, per_origin: int, token: str, lease_until: datetime
    ) -> list[Feed]:
        """Claim feeds of the buckets that it holds."""
        tenures = list(self._open.values())
        if not tenures:
            return []
        return fleet_of(work).claim_due(
            tenures, now, limit=limit, per_origin=per_origin, token=token, lease_until=lease_until
        )

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

    @property
    def _is_sure(self) -> bool:
        return asyncio.get_running_loop().time() < self._sure_until

    async def _hold(self, tenure: Tenure) -> None:
        """Poll a bucket until nothing of it is due, or for a minute; then hand it over."""
        if self._leaving.is_set():
            return
        await self._confirm(tenure)
        paces = await self._write(lambda work: fleet_of(work).paces(tenure.bucket))
        self._budget().restore(paces, self._clock())
        self._held[tenure.bucket] = self._open[tenure.bucket] = tenure
        try:
            await self._serve(tenure)
        finally:
            if self._open.get(tenure.bucket) == tenure:
                del self._open[tenure.bucket]
            await self._end(tenure)

    async def _serve(self, tenure: Tenure) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + _TERM_SECONDS
        while loop.time() < end and self._held.get(tenure.bucket) == tenure:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._leaving.wait()
            if self._leaving.is_set() or not (self._is_polling(tenure.bucket) or await self._is_due(tenure.bucket)):
                return

    async def _end(self, tenure: Tenure) -> None:
        # The writer is in order: what was claimed before this is under way once it has returned.
        await self._is_due(tenure.bucket)
        await self._poller.end_of(lambda feed: bucket_of(feed.origin) == tenure.bucket)
        if self._held.get(tenure.bucket) == tenure:
            del self._held[tenure.bucket]
        now = self._clock()
        free = {
            origin: now + wait for origin, wait in self._budget().waits().items() if bucket_of(origin) == tenure.bucket
        }
        if not await self._write(lambda work: fleet_of(work).hand_over(tenure, free)):
            log.warning("bucket taken over", bucket=tenure.bucket)

    async def _is_due(self, bucket: int) -> bool:
        now = self._clock()
        return await self._write(lambda work: fleet_of(work).is_due(bucket, now))

    def _is_polling(self, bucket: int) -> bool:
        return any(bucket_of(feed.origin) == bucket for feed in self._poller.under_way)

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


@asynccontextmanager
async def member_of(
    queue: str | None, workshop: Workshop, settings: Settings
) -> AsyncIterator[tuple[Member | None, Workshop]]:
    """Offer what takes part in a fleet, if there is one, and a workshop whose tools ask for what it holds alone."""
    if queue is None:
        yield None, workshop
    else:
        member = Member(queue, workshop.write, workshop.clock, at_once=settings.fetch.concurrency)
        yield member, replace(workshop, guard=member.guard)
