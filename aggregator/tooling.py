"""The tools of polling, made of a configuration: those of another can be made beside them while they are in use."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from aggregator import __version__
from aggregator.digest.pages import page_tools
from aggregator.digest.raw import Manner
from aggregator.digest.workers import Digester
from aggregator.feeds import Configuration
from aggregator.fetch.budget import Limits, OriginBudget
from aggregator.fetch.fetcher import Fetcher
from aggregator.fetch.policy import FetchPolicy, FetchRequest, configured_ports
from aggregator.fetch.scope import group_origin, origins_of
from aggregator.model import Feed, FeedConfig, FetchResult
from aggregator.poll import Tools, plain_request
from aggregator.schedule.policy import PollPolicy
from aggregator.schedule.price import Price
from aggregator.settings import Settings
from aggregator.store.writer import Writer

Ask = Callable[[FetchRequest], Awaitable[FetchResult]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What tools are made with, and have in common."""

    write: Writer
    digester: Digester
    clock: Callable[[], datetime]
    price: Price = field(default_factory=Price)  # of a request
    guard: Callable[[Ask], Ask] = lambda ask: ask  # may refuse to ask
    lead: Callable[[OriginBudget, str], Awaitable[None]] = OriginBudget.hop  # before a redirect to another origin
    is_shared: bool = False  # by the processes of a fleet

    @asynccontextmanager
    async def tools(self, configuration: Configuration, budget: OriginBudget) -> AsyncIterator[Tools]:
        """Offer the tools of a configuration during the block, which have to be out of use at its end."""
        settings = configuration.settings
        manners = fetch_policy(settings, configured_ports(feed.url for feed in configuration.feeds))
        origins = origins_of(settings.fetch)
        async with Fetcher(
            manners, now=self.clock, budget=budget, origin_of=origins.of, lead=partial(self.lead, budget)
        ) as fetcher:
            yield Tools(
                fetch=self.guard(fetcher.fetch),
                digest=self.digester,
                write=self.write,
                budget=budget,
                policy=poll_policy(settings),
                enabled=frozenset(settings.enrich.enabled),
                vocabulary=settings.enrich.topics,
                boilerplate=settings.enrich.boilerplate,
                fill_gaps=settings.schedule.fill_gaps,
                clock=self.clock,
                rules=settings.judging(),
                custom=settings.enrich.enrichers,
                pipelines=settings.enrich.spacy,
                price=self.price,
                request=_requests(configuration.feeds),
                origin_of=origins.of,
                keeps_raw=settings.store.raw == "changed",
                pages=page_tools(
                    configuration.feeds, self.digester.extract, agent=manners.user_agent, clock=self.clock
                ),
            )


def poll_policy(settings: Settings) -> PollPolicy:
    """Return the ``[schedule]`` of the settings as polling takes it."""
    schedule = settings.schedule
    return PollPolicy(
        shortest=schedule.min,
        usual=schedule.default,
        longest=schedule.max,
        trust_unchanged=schedule.trust_unchanged,
        freshness=schedule.freshness,
    )


def manner_of(settings: Settings) -> Manner:
    """Return how documents and records are read."""
    return Manner(
        enabled=frozenset(settings.enrich.enabled),
        vocabulary=settings.enrich.topics,
        boilerplate=settings.enrich.boilerplate,
        rules=settings.judging(),
        custom=settings.enrich.enrichers,
        pipelines=settings.enrich.spacy,
    )


def fetch_policy(settings: Settings, ports: frozenset[tuple[str, int]]) -> FetchPolicy:
    """Return the ``[fetch]`` of the settings as fetching takes it; ``ports`` are those that the operator named."""
    fetch = settings.fetch
    return FetchPolicy(
        version=__version__,
        contact=fetch.contact,
        timeout=fetch.timeout,
        max_size=fetch.max_size,
        max_decoded=2 * fetch.max_size,
        allow_networks=fetch.allow_networks,
        configured_ports=ports,
        agent=fetch.user_agent,
        proxy=fetch.proxy,
    )


def budget_of(settings: Settings) -> OriginBudget:
    """Return the budgets of origins that the settings grant, nothing learnt yet."""
    fetch = settings.fetch
    return OriginBudget(
        per_host=fetch.per_host,
        host_delay=fetch.host_delay,
        concurrency=fetch.concurrency,
        special={
            group_origin(group.name): Limits(
                per_host=group.per_host or fetch.per_host,
                delay=fetch.host_delay if group.host_delay is None else group.host_delay,
                shared_verdict=group.shared_verdict,
            )
            for group in fetch.groups
        },
        chance=random.random,
    )


def unshareable(settings: Settings) -> str | None:
    """Return why processes with these settings cannot poll one store together; None where they can."""
    if settings.fetch.scope != "address":
        return None
    return '[fetch] scope = "address" is not for a fleet: its processes may find others; say "host" or "domain"'


def _requests(feeds: Sequence[FeedConfig]) -> Callable[[Feed], FetchRequest]:
    """Return what makes a feed's request. Its options hold secrets: they are looked up here, and kept in no store."""
    options = {feed.url: feed.options for feed in feeds if feed.options is not None}

    def request(feed: Feed) -> FetchRequest:
        own = options.get(feed.url)
        # What is personal is for the configured origin: the feed is asked for there, wherever it may have moved.
        return replace(plain_request(feed), url=feed.url, options=own) if own else plain_request(feed)

    return request
