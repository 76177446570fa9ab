"""Polling what is due: claims, a bounded number of polls at once, and what an outage of our own network means."""

import asyncio
import uuid
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from aggregator.digest.worker import DigestBugError
from aggregator.fetch.budget import OriginPausedError
from aggregator.model import Feed, FetchResult, Unreadable
from aggregator.poll import LEASE, LedToPausedError, Report, Tools, ask, commit_outcome, put_off, settle
from aggregator.schedule.lifecycle import Moment, failed
from aggregator.schedule.mending import mended
from aggregator.schedule.next_poll import open_from
from aggregator.schedule.outage import (
    Outage,
    after_answer,
    after_setback,
    catch_up,
    is_answer,
    is_broken,
    is_setback,
    places,
)
from aggregator.store.contract import StaleClaimError, StoreError, Work

_LOOK_AGAIN_SECONDS = 1.0
_RESTS = 9  # times as long as the store took to find what is due, where there was not enough of it
_CLOCK_SLACK = timedelta(minutes=1)  # less than that is a clock being set right, and moves no poll far (SC-28)

log = structlog.get_logger("aggregator.poll")


class Claim(Protocol):
    """Takes feeds that are due, as ``Feeds.claim_due`` does: of all of them, or of a share."""

    def __call__(
        self, work: Work, now: datetime, /, *, limit: int, per_origin: int, token: str, lease_until: datetime
    ) -> list[Feed]: ...


class Poller:
    """Claims what is due and polls it, so many at once; a bug in one feed is that feed's failure."""

    def __init__(
        self,
        tools: Tools,
        *,
        concurrency: int,
        per_origin: int,
        asked_only: bool = False,
        claim: Claim | None = None,
        on_report: Callable[[Report], None],
    ) -> None:
        self._tools = tools
        self._claim_due = claim or partial(_claim_any, asked_only=asked_only)
        self._most = 4 * concurrency  # claimed ones that wait for their origin's turn hold no connection
        self._per_origin = per_origin
        self._asked_only = asked_only
        self._on_report = on_report
        self._running: dict[asyncio.Task[None], Feed] = {}
        self._ended = asyncio.Event()  # one of them
        self._stopping = False
        self._rest = 0.0  # seconds before the next look for what is due
        self._last_look = tools.clock()
        self._outage = Outage()

    @property
    def is_offline(self) -> bool:
        """Whether our own network seems to be down (ST-39)."""
        return self._outage.since is not None

    @property
    def in_flight(self) -> int:
        """How many polls are under way."""
        return len(self._running)

    @property
    def under_way(self) -> Collection[Feed]:
        """The feeds that are being polled."""
        return self._running.values()

    async def end_of(self, concerns: Callable[[Feed], bool]) -> None:
        """Wait for the polls under way of some feeds."""
        if tasks := [task for task, feed in self._running.items() if concerns(feed)]:
            await asyncio.wait(tasks)

    async def poll_due(self) -> None:
        """Poll until nothing is due and nothing is under way, or our own network seems to be down.

        While the store cannot be written nothing is claimed, and what was fetched waits to be written (SQ-09). Raises
        StoreError where nothing can be claimed.
        """
        while not self._stopping:
            claimed = await self._claim()
            for feed in claimed:
                task = asyncio.create_task(self._poll(feed))
                self._running[task] = feed
                task.add_done_callback(self._end)
            if not self._running:
                return
            await asyncio.sleep(self._rest)
            # A good handful of places before the next claim; where nothing could be claimed, an end may free an origin.
            await self._wait(self._most * 3 // 4 if claimed else len(self._running) - 1)

    def adopt(self, tools: Tools, *, concurrency: int) -> set[asyncio.Task[None]]:
        """Poll with other tools from now on; return the polls under way, which end with those that they began with.

        What is only decided once their answer is there is decided by the new ones.
        """
        self._tools = tools
        self._most = 4 * concurrency
        self._per_origin = tools.budget.most_per_origin
        return set(self._running)

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
        if not free or (self._asked_only and self.is_offline) or self._tools.write.is_held_up:
            return []
        claimed, took = await self._tools.write.once(lambda work: self._claimed(work, now, free))
        self._rest = 0.0 if len(claimed) == free else min(_RESTS * took, _LOOK_AGAIN_SECONDS)
        if not self._stopping:
            return claimed
        for feed in claimed:  # too late: whoever drains waits for what was under way before
            await self._give_back(feed, feed.next_poll_at)
        return []

    def _claimed(self, work: Work, now: datetime, limit: int) -> tuple[list[Feed], float]:
        """Return what was claimed, and how many seconds that took."""
        begin = self._tools.clock()
        claimed = self._claim_due(
            work,
            now,
            limit=limit,
            per_origin=self._per_origin,
            token=uuid.uuid4().hex,
            lease_until=now + LEASE + self._tools.budget.longest_queue,
        )
        return claimed, max(0.0, (self._tools.clock() - begin).total_seconds())

    async def _mend(self, now: datetime) -> None:
        """Derive the schedule anew after a clock that went back (SC-28)."""
        log.warning("the clock went back", seconds=round((self._last_look - now).total_seconds()))
        self._tools.budget.mend(now)

        def write(work: Work) -> None:
            work.origins.mend(now)
            work.schedule.mend(lambda feeds: mended(feeds, self._tools.policy, now))

        await self._tools.write(write)

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
        self._running.pop(task, None)
        self._ended.set()

    async def _poll(self, feed: Feed) -> None:
        """Poll a feed; what cannot be written leaves it to its lease."""
        try:
            report = await self._guarded(feed)
        except StaleClaimError:
            log.warning("poll taken over", feed=feed.url)
        except StoreError as error:
            log.warning("poll not written", feed=feed.url, reason=str(error))
        else:
            if report is not None:
                self._on_report(report)

    async def _guarded(self, feed: Feed) -> Report | None:
        """The one guard for bugs: logged with the traceback, the feed backed off, the daemon alive."""
        try:
            return await self._polled(feed)
        except StoreError:
            raise
        except Exception as error:
            log.exception("poll failed by a bug", feed=feed.url)
            told = str(error).strip().rpartition("\n")[2] if isinstance(error, DigestBugError) else repr(error)
            bug = Unreadable(kind="bug", message=f"a bug in aggregator: {told:.200}")
            now = self._tools.clock()
            outcome = failed(feed, bug, Moment(started=now, now=now, policy=self._tools.policy))
            return Report(outcome=outcome, applied=await commit_outcome(outcome, self._tools))

    async def _polled(self, feed: Feed) -> Report | None:
        """Poll the feed; None where it could not be asked, or where that counts for nothing."""
        now = self._tools.clock()
        if (later := open_from(feed, now)) > now:
            await self._give_back(feed, later)
            return None
        try:
            started, result = await ask(feed, self._tools)
        except LedToPausedError as paused:
            return await put_off(feed, paused, self._tools)
        except OriginPausedError as paused:
            await self._give_back(feed, self._tools.clock() + paused.wait)
            return None
        if await self._is_void(feed, result):
            return None
        return await settle(feed, result, started, self._tools)

    async def _is_void(self, feed: Feed, result: FetchResult) -> bool:
        """Take note of what an answer says about our own network; True where the poll is as if it had not been."""
        before, now = self._outage, self._tools.clock()
        is_victim = is_broken(result) if self.is_offline else is_setback(result)
        if is_victim:
            self._outage = after_setback(before, feed, now)
        elif is_answer(result):
            self._outage = after_answer(before, feed)
        if before.since is None and self._outage.since is not None:
            await self._went_offline(self._outage)
        if before.since is not None and self._outage.since is None:
            await self._came_back(before.since, now)
        if self.is_offline and is_victim:
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


def _claim_any(
    work: Work, now: datetime, /, *, limit: int, per_origin: int, token: str, lease_until: datetime, asked_only: bool
) -> list[Feed]:
    return work.feeds.claim_due(
        now, limit=limit, per_origin=per_origin, token=token, lease_until=lease_until, asked_only=asked_only
    )
