"""The one use case: fetch -> digest -> commit."""

import asyncio
import hashlib
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from aggregator.digest.archive import with_archive
from aggregator.digest.pipeline import DigestJob
from aggregator.fetch.budget import OriginBudget, OriginPausedError
from aggregator.fetch.policy import FetchRequest
from aggregator.model import Digest, Failed, Feed, Fetched, FetchResult, PollOutcome, Unreadable
from aggregator.schedule.gaps import is_gap
from aggregator.schedule.lifecycle import Moment, decide, failed
from aggregator.schedule.mending import mended
from aggregator.schedule.moving import adoptable
from aggregator.schedule.outage import Outage, after_answer, after_setback, catch_up, is_answer, is_setback, places
from aggregator.schedule.policy import PollPolicy
from aggregator.schedule.revalidation import validators_to_send
from aggregator.store.commit import commit
from aggregator.store.contract import StaleClaimError, Work
from aggregator.store.plan import Applied
from aggregator.store.writer import Writer
from aggregator.url.origin import host_origin

_LEASE = timedelta(minutes=10)
_LOOK_AGAIN_SECONDS = 1.0
_CLOCK_SLACK = timedelta(minutes=1)  # less than that is a clock being set right, and moves no poll far (SC-28)

log = structlog.get_logger("aggregator.poll")


def plain_request(feed: Feed) -> FetchRequest:
    """Return the request of a feed without options of its own."""
    return FetchRequest(url=feed.fetch_url, validators=feed.validators, origin=feed.origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What polling works with; every effect is one of these."""

    fetch: Callable[[FetchRequest], Awaitable[FetchResult]]
    digest: Callable[[DigestJob], Awaitable[Digest | Unreadable]]
    write: Writer
    budget: OriginBudget
    policy: PollPolicy
    enabled: frozenset[str]
    fill_gaps: bool
    clock: Callable[[], datetime]
    request: Callable[[Feed], FetchRequest] = plain_request
    origin_of: Callable[[str, str | None], str] = host_origin  # of a URL, and the address last found there


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one poll came to, for logs and progress bars."""

    outcome: PollOutcome
    applied: Applied


async def poll_feed(feed: Feed, tools: Tools) -> Report:
    """Poll one claimed feed: fetch, digest what is new, and commit it with the next poll's time."""
    started, result = await ask(feed, tools)
    return await settle(feed, result, started, tools)


async def ask(feed: Feed, tools: Tools) -> tuple[datetime, FetchResult]:
    """Fetch the feed's document when its origin's budget allows it; return when that was, and what came.

    Raises OriginPausedError where it is not allowed soon.
    """
    async with tools.budget.slot(feed.origin):
        started = tools.clock()
        validators = validators_to_send(feed, tools.policy, started)
        return started, await tools.fetch(replace(tools.request(feed), validators=validators))


async def settle(feed: Feed, result: FetchResult, started: datetime, tools: Tools) -> Report:
    """Digest what is new in an answer, and commit it with the next poll's time."""
    body_hash = hashlib.blake2b(result.body, digest_size=16).digest() if isinstance(result, Fetched) else None
    read = None
    if isinstance(result, Fetched) and body_hash != feed.body_hash:
        read = await _digested(feed, result, started, tools)
    now = tools.clock()
    moment = Moment(started=started, now=now, policy=tools.policy, twin=await _twin(feed, result, now, tools))
    outcome = _of_its_origin(decide(feed, result, read, body_hash, moment), result, tools)
    return Report(outcome=outcome, applied=await _commit(outcome, tools))


def _of_its_origin(outcome: PollOutcome, result: FetchResult, tools: Tools) -> PollOutcome:
    """Return the outcome with the origin that the feed now belongs to, which is told what it alone was told."""
    feed = outcome.feed
    address = result.address or feed.address
    told_us = tools.origin_of(result.url, address) == feed.origin and tools.budget.shares_verdicts(feed.origin)
    return replace(
        outcome,
        feed=replace(feed, address=address, origin=tools.origin_of(feed.fetch_url, address)),
        origin_retry_at=outcome.origin_retry_at if told_us else None,
    )


async def _commit(outcome: PollOutcome, tools: Tools) -> Applied:
    news = tools.budget.news()

    def write(work: Work) -> Applied:
        applied = commit(work, outcome)
        work.origins.keep(news)
        return applied

    return await tools.write(write)


async def _digested(feed: Feed, document: Fetched, started: datetime, tools: Tools) -> Digest | Unreadable:
    known = {} if feed.digested_at is None else await tools.write(lambda work: work.feeds.window(feed))
    job = DigestJob(
        feed_url=feed.url,
        url=document.url,
        body=document.body,
        content_type=document.headers.get("content-type"),
        now=started,
        known=known,
        link_identity=feed.identity == "link",
        enabled=tools.enabled,
    )

    async def ask(url: str) -> FetchResult:
        if tools.clock() - started > _LEASE / 2:
            return Failed(kind="timeout", message="the archive takes too long", url=url)
        async with tools.budget.slot(feed.origin):
            return await tools.fetch(FetchRequest(url=url))

    read = await tools.digest(job)
    if tools.fill_gaps and isinstance(read, Digest) and is_gap(read):
        return await with_archive(read, job, ask, tools.digest)
    return read


async def _twin(feed: Feed, result: FetchResult, now: datetime, tools: Tools) -> str | None:
    """Return the other feed that is polled where this one is about to move (ST-19)."""
    target = adoptable(feed, result, now)
    return None if target is None else await tools.write(lambda work: work.schedule.twin(feed, target))


class Poller:
    """Claims what is due and polls it, so many at once; a bug in one feed is that feed's failure."""

    def __init__(
        self,
        tools: Tools,
        *,
        concurrency: int,
        per_origin: int,
        asked_only: bool = False,
        on_report: Callable[[Report], None],
    ) -> None:
        self._tools = tools
        self._most = 4 * concurrency  # claimed ones that wait for their origin's turn hold no connection
        self._per_origin = per_origin
        self._asked_only = asked_only
        self._on_report = on_report
        self._running: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()  # one of them
        self._stopping = False
        self._last_look = tools.clock()
        self._outage = Outage()

    @property
    def is_offline(self) -> bool:
        """Whether our own network seems to be down (ST-39)."""
        return self._outage.since is not None

    async def poll_due(self) -> None:
        """Poll until nothing is due and nothing is under way, or our own network seems to be down."""
        while not self._stopping:
            claimed = await self._claim()
            for feed in claimed:
                task = asyncio.create_task(self._poll(feed))
                self._running.add(task)
                task.add_done_callback(self._end)
            if not self._running:
                return
            # A good handful of places before the next claim; where nothing could be claimed, an end may free an origin.
            await self._wait(self._most * 3 // 4 if claimed else len(self._running) - 1)

    async def drain(self, seconds: float) -> None:
        """Claim nothing more; let what is under way finish, for so long."""
        self._stopping = True
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _claim(self) -> list[Feed]:
        now = self._tools.clock()
        if now < self._last_look - _CLOCK_SLACK:
            await self._mend(now)
        self._last_look = now
        free = places(self._outage, now, free=self._most - len(self._running), running=len(self._running))
        if not free or (self._asked_only and self.is_offline):
            return []
        return await self._tools.write(
            lambda work: work.feeds.claim_due(
                now,
                limit=free,
                per_origin=self._per_origin,
                token=uuid.uuid4().hex,
                lease_until=now + _LEASE + self._tools.budget.longest_queue,
                asked_only=self._asked_only,
            )
        )

    async def _mend(self, now: datetime) -> None:
        """Derive the schedule anew after a clock that went back (SC-28)."""
        log.warning("the clock went back", seconds=round((self._last_look - now).total_seconds()))
        await self._tools.write(lambda work: work.schedule.mend(lambda feeds: mended(feeds, self._tools.policy, now)))

    async def _wait(self, enough: int) -> None:
        """Wait until no more than ``enough`` polls are under way, or for a moment: others may have come due."""
        try:
            async with asyncio.timeout(_LOOK_AGAIN_SECONDS):
                while len(self._running) > enough:
                    self._ended.clear()
                    await self._ended.wait()
        except TimeoutError:
            return

    def _end(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._ended.set()

    async def _poll(self, feed: Feed) -> None:
        """The one guard for bugs: logged with the traceback, the feed backed off, the daemon alive."""
        try:
            started, result = await ask(feed, self._tools)
            if await self._is_void(feed, result):
                return
            report = await settle(feed, result, started, self._tools)
        except OriginPausedError as paused:
            await self._give_back(feed, self._tools.clock() + paused.wait)
            return
        except StaleClaimError:
            log.warning("poll taken over", feed=feed.url)
            return
        except Exception as error:
            log.exception("poll failed by a bug", feed=feed.url)
            bug = Unreadable(kind="bug", message=f"a bug in aggregator: {error!r:.200}")
            now = self._tools.clock()
            outcome = failed(feed, bug, Moment(started=now, now=now, policy=self._tools.policy))
            report = Report(outcome=outcome, applied=await _commit(outcome, self._tools))
        self._on_report(report)

    async def _is_void(self, feed: Feed, result: FetchResult) -> bool:
        """Take note of what an answer says about our own network; True where the poll is as if it had not been."""
        before, now = self._outage, self._tools.clock()
        if is_setback(result):
            self._outage = after_setback(before, feed, now)
        elif is_answer(result):
            self._outage = after_answer(before, feed)
        if before.since is None and self._outage.since is not None:
            await self._went_offline(self._outage)
        if before.since is not None and self._outage.since is None:
            await self._came_back(before.since, now)
        if self.is_offline and is_setback(result):
            await self._give_back(feed, now)
            return True
        return False

    async def _went_offline(self, outage: Outage) -> None:
        log.warning("own network seems down: polling is paused", failed=len(outage.setbacks))
        victims = [setback.feed for setback in outage.setbacks]
        await self._tools.write(lambda work: work.recovery.forgive(victims))

    async def _came_back(self, since: datetime, now: datetime) -> None:
        def write(work: Work) -> int:
            due = catch_up(work.recovery.overdue(now), now)
            work.recovery.reschedule(due)
            return len(due)

        behind = await self._tools.write(write)
        log.info("own network is back: polling goes on", seconds=round((now - since).total_seconds()), behind=behind)

    async def _give_back(self, feed: Feed, due: datetime) -> None:
        news = self._tools.budget.news()

        def write(work: Work) -> None:
            work.feeds.give_back(feed, due)
            work.origins.keep(news)

        await self._tools.write(write)
