"""The one use case: fetch -> digest -> commit."""

import asyncio
import hashlib
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from aggregator.digest.parts import Whole, read_whole
from aggregator.digest.pipeline import DigestJob
from aggregator.fetch.budget import OriginBudget
from aggregator.fetch.policy import FetchRequest
from aggregator.model import Digest, Feed, Fetched, FetchResult, PollOutcome, Unreadable
from aggregator.schedule.lifecycle import Moment, decide, failed
from aggregator.schedule.policy import PollPolicy
from aggregator.store.commit import commit
from aggregator.store.contract import StaleClaimError
from aggregator.store.plan import Applied
from aggregator.store.writer import Writer

_LEASE = timedelta(minutes=10)
_LOOK_AGAIN_SECONDS = 1.0

log = structlog.get_logger("aggregator.poll")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What polling works with; every effect and every source of chance is one of these."""

    fetch: Callable[[FetchRequest], Awaitable[FetchResult]]
    digest: Callable[[DigestJob], Awaitable[Digest | Unreadable]]
    write: Writer
    budget: OriginBudget
    policy: PollPolicy
    enabled: frozenset[str]
    clock: Callable[[], datetime]
    chance: Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one poll came to, for logs and progress bars."""

    outcome: PollOutcome
    applied: Applied


async def poll_feed(feed: Feed, tools: Tools) -> Report:
    """Poll one claimed feed: fetch, digest what is new, and commit it with the next poll's time."""
    async with tools.budget.slot(feed.origin):
        started = tools.clock()
        # Without the hash of a document read whole, "unchanged" would say too little.
        validators = feed.validators if feed.body_hash else None
        result = await tools.fetch(FetchRequest(url=feed.fetch_url, validators=validators))
    body_hash = hashlib.blake2b(result.body, digest_size=16).digest() if isinstance(result, Fetched) else None
    read = None
    if isinstance(result, Fetched) and body_hash != feed.body_hash:
        whole = await _digested(feed, result, started, tools)
        result, read = whole.result, whole.read
        body_hash = body_hash if whole.settled else None
    outcome = decide(feed, result, read, body_hash, _moment(started, tools))
    applied = await tools.write(lambda work: commit(work, outcome))
    return Report(outcome=outcome, applied=applied)


async def _digested(feed: Feed, document: Fetched, started: datetime, tools: Tools) -> Whole:
    known = await tools.write(lambda work: work.feeds.window(feed))
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
        async with tools.budget.slot(feed.origin):
            return await tools.fetch(FetchRequest(url=url))

    return await read_whole(job, document, ask, tools.digest, last_whole=feed.digested_at if feed.body_hash else None)


def _moment(started: datetime, tools: Tools) -> Moment:
    return Moment(started=started, now=tools.clock(), policy=tools.policy, chance=tools.chance())


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
        self._stopping = False

    async def poll_due(self) -> None:
        """Poll until nothing is due and nothing is under way."""
        while not self._stopping:
            claimed = await self._claim()
            for feed in claimed:
                task = asyncio.create_task(self._poll(feed))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
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
        free = self._most - len(self._running)
        return await self._tools.write(
            lambda work: work.feeds.claim_due(
                now,
                limit=free,
                per_origin=self._per_origin,
                token=uuid.uuid4().hex,
                lease_until=now + _LEASE,
                asked_only=self._asked_only,
            )
        )

    async def _wait(self, enough: int) -> None:
        """Wait until no more than ``enough`` polls are under way, or for a moment: others may have come due."""
        try:
            async with asyncio.timeout(_LOOK_AGAIN_SECONDS):
                while len(self._running) > enough:
                    await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            return

    async def _poll(self, feed: Feed) -> None:
        """The one guard for bugs: logged with the traceback, the feed backed off, the daemon alive."""
        try:
            report = await poll_feed(feed, self._tools)
        except StaleClaimError:
            log.warning("poll taken over", feed=feed.url)
            return
        except Exception as error:
            log.exception("poll failed by a bug", feed=feed.url)
            bug = Unreadable(kind="bug", message=f"a bug in aggregator: {error!r:.200}")
            outcome = failed(feed, bug, _moment(self._tools.clock(), self._tools))
            report = Report(outcome=outcome, applied=await self._tools.write(lambda work: commit(work, outcome)))
        self._on_report(report)
