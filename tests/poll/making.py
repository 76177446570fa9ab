"""A poller on a real store, with a world that plays the network and a clock that is told the time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.digest.job import DigestJob
from aggregator.fetch import FetchRequest, Limits, OriginBudget
from aggregator.model import Digest, Failed, FeedConfig, FetchResult, NotModified, Unreadable, Validators
from aggregator.poll import Report, Tools
from aggregator.poller import Poller
from aggregator.schedule.policy import PollPolicy
from aggregator.store.contract import FeedStatus, Store
from aggregator.store.location import open_store
from aggregator.store.writer import Writer
from aggregator.url.origin import host_origin
from tests.store.factory import NOW, a_digest

HOUR = timedelta(hours=1)
DOWN = Failed(kind="dns", message="name lookup failed for now", url="http://whatever.example/")


def unchanged(url: str) -> NotModified:
    """A feed's answer that takes no digest."""
    return NotModified(
        url=url, permanent_url=None, headers={}, validators=Validators(etag=b"x", url=url), retry_after=None
    )


@dataclass
class World:
    """What the feeds of a test live in."""

    now: datetime = NOW
    answer: Callable[[str], FetchResult] = unchanged
    asked: list[str] = field(default_factory=list)  # URLs, in order
    reports: list[Report] = field(default_factory=list)

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Play the network."""
        self.asked.append(request.url)
        return self.answer(request.url)


async def _digest(job: DigestJob) -> Digest:
    return a_digest()


@dataclass(frozen=True)
class Running:
    """A poller in a world."""

    world: World
    store: Store
    poller: Poller
    tools: Tools

    async def poll(self, after: timedelta = timedelta()) -> list[str]:
        """Let time pass and poll what is due; return the URLs asked for."""
        self.world.now += after
        self.world.asked.clear()
        await self.poller.poll_due()
        return list(self.world.asked)

    def statuses(self) -> list[FeedStatus]:
        """Return how the feeds are."""
        with self.store.read() as work:
            return work.feeds.statuses()


@asynccontextmanager
async def polling(
    folder: Path,
    *urls: str,
    origin_of: Callable[[str, str | None], str] = host_origin,
    special: dict[str, Limits] | None = None,
    asked_only: bool = False,
    patient: bool = False,
    digest: Callable[[DigestJob], Awaitable[Digest | Unreadable]] = _digest,
) -> AsyncIterator[Running]:
    """Poll these feeds, without spacing."""
    world = World()
    store = open_store(f"sqlite:///{folder}/store.sqlite", create=True)
    budget = OriginBudget(per_host=1, host_delay=timedelta(), concurrency=8, special=special)
    async with Writer(store, patient=patient, retry_seconds=0.02) as write:
        await write(lambda work: work.feeds.sync([FeedConfig(url=url) for url in urls], world.now, origin_of=origin_of))
        tools = Tools(
            fetch=world.fetch,
            digest=digest,
            write=write,
            budget=budget,
            policy=PollPolicy(shortest=HOUR, usual=HOUR, longest=24 * HOUR),
            enabled=frozenset(),
            clock=lambda: world.now,
            fill_gaps=False,
            origin_of=origin_of,
        )
        poller = Poller(
            tools,
            concurrency=8,
            per_origin=budget.most_per_origin,
            asked_only=asked_only,
            on_report=world.reports.append,
        )
        yield Running(world=world, store=store, poller=poller, tools=tools)
