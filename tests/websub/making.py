"""A poller and a subscriber on a real store, with real requests to a hub, a real site, and a clock that is told."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

import httpx

from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.fetch import Fetcher, FetchPolicy, OriginBudget, Poster
from aggregator.fetch.guard import Guard
from aggregator.fetch.transport import GuardedTransport
from aggregator.model import Digest, Feed, FeedConfig, Subscription, Unreadable
from aggregator.poll import Report, Tools
from aggregator.poller import Poller
from aggregator.schedule.policy import PollPolicy
from aggregator.settings import Settings
from aggregator.settings.models import SiteSettings, WebSettings
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from aggregator.store.writer import Writer
from aggregator.subscriber import Subscriber
from aggregator.web.serving import serving
from tests.e2e.site import item, rss
from tests.fetch.making import LOOPBACK
from tests.hostile_server.server import CERTIFICATE
from tests.store.factory import NOW
from tests.websub.hub import Hub

HOUR = timedelta(hours=1)
BASE = "https://news.example"


def feed_of(*stories: int, links: str = "") -> str:
    """Return a feed of these stories; ``links`` go into its channel."""
    told = (item(f"https://x.example/{n}", title=f"Story number {n}", guid=str(n)) for n in stories)
    return rss(*told).replace("<description>x</description>", links, 1)


def link(rel: str, url: str) -> str:
    """Return an element of Atom as feeds have it."""
    return f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="{rel}" href="{url}"/>'


@dataclass
class Clock:
    """Says what it was told."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


@dataclass
class World:
    """What a test works with."""

    store: Store
    tools: Tools
    poller: Poller
    subscriber: Subscriber
    site: httpx.AsyncClient
    hub: Hub
    clock: Clock
    reports: list[Report]

    async def live(self, time: timedelta = timedelta()) -> None:
        """Let time go by; then do whatever is due."""
        self.clock.now += time
        await self.poller.poll_due()
        await self.subscriber.catch_up()
        await self.subscriber.catch_up()  # what a look found is due at once
        await self.subscriber.take_pushes()

    async def subscribed(self, **changes: str) -> dict[str, str]:
        """Poll, subscribe and be verified; return what the hub was asked."""
        await self.live()
        form = self.hub.forms[-1]
        assert (await self.hub.verify(self.site, form, **changes)).status_code == 200
        return form

    def feed(self, url: str) -> Feed:
        """Return a feed as it is stored."""
        with self.store.read() as work:
            found = work.schedule.find(url)
        assert found is not None
        return found

    @property
    def titles(self) -> set[str]:
        """The titles of all records."""
        with self.store.read() as work:
            return {row[1] for rows in work.records.rows() for row in rows}

    @property
    def subscriptions(self) -> list[Subscription]:
        """All of them."""
        with self.store.read() as work:
            return list(work.subscriptions.all())

    @property
    def states(self) -> list[str]:
        """Their states, in the order of the alphabet."""
        return sorted(each.state for each in self.subscriptions)


@asynccontextmanager
async def a_world(folder: Path, hub: Hub, *urls: str, opened: bool = True) -> AsyncIterator[World]:
    """Offer a world in which these feeds are configured; ``opened``: hubs on loopback may be asked."""
    store = open_store(f"sqlite:///{folder}/store.sqlite", create=True)
    ports = frozenset({("127.0.0.1", hub.port)})
    policy = FetchPolicy(version="1", allow_networks=(LOOPBACK,), configured_ports=ports)
    tls = ssl.create_default_context(cafile=CERTIFICATE)

    def transport(*, opened: bool) -> GuardedTransport:
        return GuardedTransport(Guard(opened=(LOOPBACK,) if opened else (), ports=ports), tls=tls)

    clock = Clock()
    numbers = count(1)
    async with (
        Writer(store) as write,
        Fetcher(policy, now=clock, transport=transport(opened=True)) as fetcher,
        Poster(policy, now=clock, transport=transport(opened=opened)) as poster,
    ):
        tools = Tools(
            fetch=fetcher.fetch,
            digest=_digest,
            write=write,
            budget=OriginBudget(per_host=9, host_delay=timedelta(), concurrency=9),
            policy=PollPolicy(shortest=HOUR, usual=HOUR, longest=24 * HOUR),
            enabled=frozenset(),
            fill_gaps=False,
            clock=clock,
        )
        post = partial(poster.post, deadline=timedelta(seconds=10), redirects=3)
        subscriber = Subscriber(tools, post, base_url=BASE, chance=lambda: f"chance-{next(numbers)}")
        settings = Settings(site=SiteSettings(base_url=BASE), web=WebSettings(listen="127.0.0.1:0"))
        await write(lambda work: work.feeds.sync([FeedConfig(url=url) for url in urls], NOW))
        async with (
            serving(settings, store, clock, subscriber=subscriber) as port,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as site,
        ):
            reports: list[Report] = []
            poller = Poller(tools, concurrency=9, per_origin=9, on_report=reports.append)
            yield World(
                store=store,
                tools=tools,
                poller=poller,
                subscriber=subscriber,
                site=site,
                hub=hub,
                clock=clock,
                reports=reports,
            )


async def _digest(job: DigestJob) -> Digest | Unreadable:
    return digest(job)
