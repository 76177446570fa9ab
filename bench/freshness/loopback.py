"""The daemon's own poller, fetcher and store on loopback, a simulated day in a minute or less.

200 generated feeds, each served on an address of its own by what it has published at the simulated time; the clock is
injected, and stands still while polls are under way. Three runs with the same budget of requests: one interval for all;
each feed's mean gap, scaled; and ours, whose price a budget moves. What counts is the days after the first, by what the
store says. ``python -m bench.freshness.loopback``.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import structlog

from aggregator.daemon import poller_for
from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.fetch import Fetcher, FetchPolicy, OriginBudget, Origins
from aggregator.model import Digest, FeedConfig, Unreadable
from aggregator.poll import Tools
from aggregator.pricing import EVERY, Pricing
from aggregator.settings import Settings
from aggregator.settings.models import ScheduleSettings
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from aggregator.store.writer import Writer
from aggregator.tooling import poll_policy
from bench.freshness.feed_server import serving
from bench.freshness.generated import BEGIN, generated
from bench.freshness.trace import DAY, Trace
from bench.server import addresses

_TICK = timedelta(seconds=30)
_FEEDS = 200
_SHORTEST, _LONGEST = timedelta(minutes=5), timedelta(days=1)
_START = BEGIN + 29 * DAY
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the feeds are scheduled: by intervals of the operator's, or by ours, with a budget of requests."""

    name: str
    intervals: Sequence[timedelta] | None


def main() -> None:
    """Print a line for each plan."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--days", type=float, default=2.0, help="that count, after one to settle")
    reader.add_argument("--requests", type=float, default=8.0, help="for a feed and day, on average")
    asked = reader.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
    traces = list(generated(seed=3, each=34))[:_FEEDS]
    print(f"{len(traces)} feeds, {asked.days:g} days, {asked.requests:g} requests each a day")
    print(f"{'':28}{'mean wait':>10}{'entries':>9}{'requests':>10}")
    spent: list[int] = []
    for plan in _plans(traces, asked.requests):
        # No more than the others made, whose polls were spread apart.
        budget = None if plan.intervals else round(min(spent) / asked.days / 24)
        mean, entries, requests = asyncio.run(_run(traces, plan, asked.days, budget))
        each = requests / len(traces) / asked.days
        spent.append(requests)
        print(f"{plan.name:28}{mean / timedelta(hours=1):>9.2f}h{entries:>9}{each:>10.2f}", flush=True)


def _plans(traces: Sequence[Trace], requests: float) -> Sequence[Plan]:
    even = timedelta(days=1 / requests)
    return (
        Plan(name="one interval", intervals=[even] * len(traces)),
        Plan(name="mean gap, scaled", intervals=_by_gap(traces, requests)),
        Plan(name="ours", intervals=None),
    )


def _by_gap(traces: Sequence[Trace], requests: float) -> list[timedelta]:
    """Return intervals in proportion to the mean gap of each feed's document, as many requests as in the budget."""
    gaps = []
    for trace in traces:
        dates = [time for time in trace.times if time <= _START][-trace.window :]
        gaps.append((dates[-1] - dates[0]) / (len(dates) - 1) if len(dates) > 1 else DAY)
    low, high = 1e-3, 1e3
    for _ in range(60):
        scale = (low * high) ** 0.5
        waits = [min(max(gap * scale, _SHORTEST.total_seconds()), DAY) for gap in gaps]
        low, high = (scale, high) if sum(DAY / wait for wait in waits) > requests * len(traces) else (low, scale)
    return [timedelta(seconds=wait) for wait in waits]


async def _run(traces: Sequence[Trace], plan: Plan, days: float, budget: int | None) -> tuple[timedelta, int, int]:
    """Return the mean wait, the entries it is of, and the requests, of all but the first day."""
    now = priced = began = datetime.fromtimestamp(_START, UTC)

    def clock() -> datetime:
        return now

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.sqlite", create=True)
        with store.exclusive("bench"):
            async with serving(traces, clock) as port, _program(traces, plan, store, port, clock) as (tools, settings):
                poller = poller_for(tools, settings, on_report=lambda _: None)
                pricing = Pricing(tools, lambda: budget) if budget else None
                while now < began + timedelta(days=1 + days):
                    await poller.poll_due()
                    if pricing is not None and now - priced >= EVERY:
                        await pricing.adjust()
                        priced = now
                    now += _TICK
        with store.read() as work:
            since = began + timedelta(days=1)
            (waited,) = work.schedule.waits(since)
            return waited.mean, waited.entries, work.schedule.asked(since)


@asynccontextmanager
async def _program(
    traces: Sequence[Trace], plan: Plan, store: Store, port: int, clock: Clock
) -> AsyncIterator[tuple[Tools, Settings]]:
    schedule = ScheduleSettings(min=_SHORTEST, default=timedelta(hours=1), max=_LONGEST)
    settings = Settings(schedule=schedule)
    urls = addresses(len(traces), port)
    feeds = [
        FeedConfig(url=url, tags=("all",), interval=plan.intervals[place] if plan.intervals else None)
        for place, url in enumerate(urls)
    ]
    origins = Origins("host")
    budget = OriginBudget(per_host=1, host_delay=timedelta(), concurrency=settings.fetch.concurrency)
    manners = FetchPolicy(
        version="bench",
        allow_networks=(ip_network("127.0.0.0/8"),),
        configured_ports=frozenset((url.split("/")[2].split(":")[0], port) for url in urls),
    )
    async with (
        Writer(store) as write,
        Fetcher(manners, now=clock, budget=budget, origin_of=origins.of) as fetcher,
    ):
        await write(lambda work: work.feeds.sync(feeds, clock(), origin_of=origins.of))
        tools = Tools(
            fetch=fetcher.fetch,
            digest=_digest,
            write=write,
            budget=budget,
            policy=poll_policy(settings),
            enabled=frozenset(),
            fill_gaps=False,
            clock=clock,
            origin_of=origins.of,
        )
        yield tools, settings


async def _digest(job: DigestJob) -> Digest | Unreadable:
    return digest(job)


if __name__ == "__main__":
    main()
