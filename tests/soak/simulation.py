"""Days in the life of the daemon: its poller, budget, fetcher, digest and store, on a simulated internet."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aggregator import __version__
from aggregator.daemon import poller_for
from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.fetch import Fetcher, FetchPolicy, OriginBudget, Origins
from aggregator.model import Digest, FeedConfig, Pace, Seq, Unreadable
from aggregator.poll import Tools
from aggregator.poller import Poller
from aggregator.schedule.audit import OriginAudit, audit
from aggregator.schedule.mending import mended
from aggregator.settings import Settings
from aggregator.store.contract import FeedStatus, Store, Work
from aggregator.store.location import open_store
from aggregator.store.writer import Writer
from aggregator.tooling import poll_policy
from tests.soak.casting import Cast, Outage
from tests.soak.internet import Internet
from tests.soak.loop import SimulatedLoop
from tests.soak.page import START
from tests.soak.referee import Referee
from tests.soak.timetable import Timetable

_TICK = 10.0  # seconds; the daemon looks every second
_DRAIN = 90.0  # longer than any poll takes
_DOWN = 30.0  # between two runs of the program
_MOMENT = timedelta(milliseconds=1)

Clock = Callable[[], datetime]


@dataclass(kw_only=True)
class Outcome:
    """What a simulation came to, as seen from all sides."""

    cast: Cast
    referee: Referee
    timetable: Timetable
    unforgiven: list[str] = field(default_factory=list)
    statuses: list[FeedStatus] = field(default_factory=list)
    audit: list[OriginAudit] = field(default_factory=list)
    health: list[tuple[datetime, str]] = field(default_factory=list)  # when the change log told of which feed


def simulate(
    cast: Cast, folder: Path, *, runs: int = 1, settings: Settings | None = None, referee: Referee | None = None
) -> Outcome:
    """Live through the time of a cast, stopping and starting the program in between; return what was seen.

    The settings are the defaults, and the referee holds the program to them, unless others are given.
    """
    settings = settings or Settings()
    referee = referee or Referee(
        floor=settings.schedule.min, spacing=settings.fetch.host_delay, places=settings.fetch.per_host
    )
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(_live(cast, folder, runs, settings, referee))


def is_forgiven(before: FeedStatus, after: FeedStatus, by: datetime) -> bool:
    """Whether a feed is none the worse for an outage; but for one that failed before, whose state may be told anew."""
    same = (before.state, before.reason) == (after.state, after.reason) or before.failures > 0
    return same and after.failures <= before.failures and after.next_poll_at <= by


async def _live(cast: Cast, folder: Path, runs: int, settings: Settings, referee: Referee) -> Outcome:
    loop = asyncio.get_running_loop()

    def clock() -> datetime:
        return START + timedelta(seconds=loop.time())

    internet = Internet(cast, referee, clock)
    outcome = Outcome(cast=cast, referee=referee, timetable=Timetable(cast=cast, closed=internet.closed))
    store = open_store(f"sqlite:///{folder}/store.sqlite", create=True)
    watching = [asyncio.create_task(_watch(each, outcome, store, internet, clock)) for each in cast.outages]
    for run in range(1, runs + 1):
        async with _program(cast, store, internet, settings, clock) as tools:
            poller = poller_for(tools, settings, on_report=outcome.timetable.report)
            await _poll(poller, clock, START + (cast.ends - START) * run / runs)
        await asyncio.sleep(_DOWN)
    outcome.timetable.close(clock())
    await asyncio.gather(*watching)
    with store.read() as work:
        outcome.statuses = work.feeds.statuses()
        outcome.audit = audit(work.schedule.polls(START))
        outcome.health = _health(work)
    return outcome


async def _poll(poller: Poller, clock: Clock, until: datetime) -> None:
    async def tick() -> None:
        while clock() < until:
            await poller.poll_due()
            await asyncio.sleep(_TICK)

    ticking = asyncio.create_task(tick())
    await asyncio.sleep((until - clock()).total_seconds())
    await poller.drain(_DRAIN)
    await ticking


@asynccontextmanager
async def _program(
    cast: Cast, store: Store, internet: Internet, settings: Settings, clock: Clock
) -> AsyncIterator[Tools]:
    """Start the program as the daemon does, with another network and another clock."""
    fetch, policy, origins = settings.fetch, poll_policy(settings), Origins(settings.fetch.scope)
    chance = random.Random(1)
    budget = OriginBudget(
        per_host=fetch.per_host, host_delay=fetch.host_delay, concurrency=fetch.concurrency, chance=chance.random
    )
    manners = FetchPolicy(version=__version__, timeout=fetch.timeout, max_size=fetch.max_size)

    def begin(work: Work) -> list[Pace]:
        work.feeds.sync([FeedConfig(url=page.url) for page in cast.pages], clock(), origin_of=origins.of)
        work.feeds.release_claims()
        work.origins.mend(clock())
        work.schedule.mend(lambda feeds: mended(feeds, policy, clock()))
        return work.origins.paces()

    with store.exclusive("a simulation"):
        async with (
            Writer(store) as write,
            Fetcher(manners, now=clock, transport=internet, budget=budget, origin_of=origins.of) as fetcher,
        ):
            budget.restore(await write(begin), clock())
            yield Tools(
                fetch=fetcher.fetch,
                digest=_digest,
                write=write,
                budget=budget,
                policy=policy,
                enabled=frozenset(),
                fill_gaps=False,
                clock=clock,
                origin_of=origins.of,
            )


async def _digest(job: DigestJob) -> Digest | Unreadable:
    return digest(job)


async def _watch(outage: Outage, outcome: Outcome, store: Store, internet: Internet, clock: Clock) -> None:
    """See what an outage costs the feeds that nobody could reach."""
    await asyncio.sleep((outage.since - _MOMENT - clock()).total_seconds())
    before, pages = _statuses(store), {page.url: page for page in outcome.cast.pages}
    await asyncio.sleep((outage.until - _MOMENT - clock()).total_seconds())
    for url, after in _statuses(store).items():
        by = pages[url].manner.open_by(max(before[url].next_poll_at, clock()))
        if internet.answered.get(url, START) < outage.since and not is_forgiven(before[url], after, by):
            outcome.unforgiven.append(f"{before[url]}\n    {after}")


def _statuses(store: Store) -> dict[str, FeedStatus]:
    with store.read() as work:
        return {status.url: status for status in work.feeds.statuses()}


def _health(work: Work) -> list[tuple[datetime, str]]:
    changes = work.log.after(Seq(0), limit=10**9)
    return [(each.at, str(each.detail["feed"])) for each in changes if each.kind == "health" and each.detail]
