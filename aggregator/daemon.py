"""Everything running together: the ticker, the poller, the exports; signals and draining."""

import os
import random
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from aggregator import __version__
from aggregator.digest.memory import give_memory_back
from aggregator.digest.pages import page_tools
from aggregator.digest.raw import Manner
from aggregator.digest.workers import Digester
from aggregator.feeds import Configuration, shown
from aggregator.fetch.budget import Limits, OriginBudget
from aggregator.fetch.fetcher import Fetcher
from aggregator.fetch.policy import FetchPolicy, FetchRequest, configured_ports
from aggregator.fetch.post import Poster
from aggregator.fetch.scope import Origins, group_origin, origins_of
from aggregator.jobs import DRAIN_SECONDS, Job, run_jobs, stop_on_signals
from aggregator.model import Feed, FeedConfig, Pace
from aggregator.normalize.identity import key_hash
from aggregator.normalize.rekeying import rekeyed
from aggregator.notify import Notifier
from aggregator.outputs import begin, delivery_sinks, file_sinks, hub_pings, names
from aggregator.poll import Report, Tools, plain_request
from aggregator.poller import Poller
from aggregator.publish.delivery import DeliverySink
from aggregator.refining import Refiner, refining
from aggregator.renewing import Renewer, Renewing
from aggregator.schedule.mending import mended
from aggregator.schedule.policy import PollPolicy
from aggregator.settings import Settings
from aggregator.store.contract import Store, Work
from aggregator.store.indexer import BATCH, Indexer
from aggregator.store.rekey import KeyRules, rekey
from aggregator.store.retention import forget_raw, prune
from aggregator.store.writer import Writer
from aggregator.subscriber import subscribing
from aggregator.url.clean import RULES_VERSION
from aggregator.vitals import Vitals
from aggregator.web.beside import site_beside
from aggregator.web.writing import writing

_TICK = timedelta(seconds=1)
_POLLS_KEPT = timedelta(days=30)
_KEY_RULES = KeyRules(version=RULES_VERSION, rekeyed=rekeyed, key_hash=key_hash)

log = structlog.get_logger("aggregator.daemon")


def clock() -> datetime:
    """Return the time; stages are handed this, and never ask for it themselves."""
    return datetime.now(UTC)


def guarded_fetcher(settings: Settings, urls: Iterable[str]) -> Fetcher:
    """Return the fetcher of the settings for what is no poll (SS-15); ``urls`` are those that the operator named."""
    return Fetcher(_fetch_policy(settings, configured_ports(urls)), now=clock)


@asynccontextmanager
async def polling(
    configuration: Configuration,
    store: Store,
    *,
    patient: bool = False,
    on_worker_lost: Callable[[], None] = lambda: None,
) -> AsyncIterator[Tools]:
    """Offer the tools of polling on a store that this process holds, its feeds those of the configuration.

    ``patient``: what cannot be written for now waits until it can (SQ-09).
    """
    give_memory_back()
    settings = configuration.settings
    manners = _fetch_policy(settings, configured_ports(feed.url for feed in configuration.feeds))
    origins, budget = origins_of(settings.fetch), _budget(settings)
    async with (
        Writer(store, patient=patient) as write,
        Fetcher(manners, now=clock, budget=budget, origin_of=origins.of) as fetcher,
        Digester(len(os.sched_getaffinity(0)), on_loss=on_worker_lost) as digester,
    ):
        now, policy = clock(), poll_policy(settings)
        paces = await write.once(lambda work: _begin(work, configuration, origins, policy, now))
        budget.restore(paces, now)
        async for done, total in rekey(write, _KEY_RULES, now):
            log.info("match keys of older rules made anew", done=done, of=total)
        yield Tools(
            fetch=fetcher.fetch,
            digest=digester,
            write=write,
            budget=budget,
            policy=policy,
            enabled=frozenset(settings.enrich.enabled),
            vocabulary=settings.enrich.topics,
            boilerplate=settings.enrich.boilerplate,
            fill_gaps=settings.schedule.fill_gaps,
            clock=clock,
            rules=settings.judging(),
            custom=settings.enrich.enrichers,
            pipelines=settings.enrich.spacy,
            renew=digester.renew,
            request=_requests(configuration.feeds),
            origin_of=origins.of,
            keeps_raw=settings.store.raw == "changed",
            pages=page_tools(configuration.feeds, digester.extract, agent=manners.user_agent, clock=clock),
        )


def poll_policy(settings: Settings) -> PollPolicy:
    """Return the ``[schedule]`` of the settings as polling takes it."""
    schedule = settings.schedule
    return PollPolicy(
        shortest=schedule.min, usual=schedule.default, longest=schedule.max, trust_unchanged=schedule.trust_unchanged
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


def poller_for(
    tools: Tools, settings: Settings, *, on_report: Callable[[Report], None], asked_only: bool = False
) -> Poller:
    """Return a poller with the limits of the settings."""
    return Poller(
        tools,
        concurrency=settings.fetch.concurrency,
        per_origin=tools.budget.most_per_origin,
        asked_only=asked_only,
        on_report=on_report,
    )


async def serve(configuration: Configuration, store: Store, environ: Mapping[str, str]) -> None:
    """Poll and export until SIGTERM or SIGINT; then finish what is under way. A second signal exits at once."""
    settings = configuration.settings
    stopping, vitals, notifier = stop_on_signals(), Vitals(clock()), Notifier(environ)
    async with (
        polling(configuration, store, patient=True, on_worker_lost=vitals.worker_lost) as tools,
        _poster(settings) as poster,
        subscribing(settings, tools, poster) as subscriber,
        refining(settings.enrich.llm, store, tools.write, clock, vocabulary=settings.enrich.topics) as refiner,
        site_beside(
            settings, store, clock, writing(tools.write, settings, environ), subscriber=subscriber, vitals=vitals
        ),
    ):
        poller = poller_for(tools, settings, on_report=lambda report: _take(report, vitals))
        vitals.watch(lambda: poller.in_flight)
        files = file_sinks(settings, store, tools.write, clock)
        receivers = delivery_sinks(settings, store, tools.write, poster, clock)
        followers: list[DeliverySink | Refiner | Indexer] = [
            *receivers,
            *([refiner] if refiner else []),
            Indexer(tools.write),
            *([_clusterer(tools)] if settings.enrich.stories else []),
        ]
        log.info("started", version=__version__, feeds=len(configuration.feeds), store=settings.store.url)
        jobs = [
            Job(poller.poll_due, _TICK),
            *(Job(sink.catch_up, _TICK) for sink in files),
            *(Job(follower.catch_up, _TICK) for follower in followers),
            *(Job(each.catch_up, _TICK) for each in _renewers(tools, store, settings)),
            *(Job(ping.catch_up, _TICK) for ping in hub_pings(settings, store, poster, clock)),
            *([Job(subscriber.catch_up, _TICK), Job(subscriber.take_pushes, _TICK)] if subscriber else []),
            Job(lambda: _forget(tools, settings), timedelta(hours=1)),
            Job(lambda: _beat(vitals, notifier), _TICK),
        ]
        notifier.ready()
        await run_jobs(jobs, stopping, lambda: _drain(poller, followers, tools, notifier))
        for sink in files:
            await sink.catch_up()
    log.info("stopped")


def log_report(report: Report) -> None:
    """Write the one line of a poll."""
    outcome = report.outcome
    feed = outcome.feed
    write = log.info if feed.failures == 0 else log.warning
    write(
        "poll",
        feed=shown(feed.url),
        result=outcome.result,
        status=outcome.status,
        new=report.applied.new,
        updated=report.applied.updated,
        **({"dropped": report.applied.dropped} if report.applied.dropped else {}),
        **(outcome.digest.pages_told if outcome.digest else {}),
        bytes=outcome.wire_bytes,
        ms=round((outcome.finished_at - outcome.started_at).total_seconds() * 1000),
        next=feed.next_poll_at.isoformat(timespec="seconds"),
        **({"reason": feed.reason} if feed.reason else {}),
        **({"moved_to": shown(feed.fetch_url)} if outcome.moved_from else {}),
    )
    for notice in outcome.notices:
        log.warning(notice.kind, **notice.detail)
    for failure in outcome.digest.failures if outcome.digest else ():
        log.warning("enricher failed", enricher=failure.name, times=failure.times, reason=failure.message)


def _clusterer(tools: Tools) -> Indexer:
    return Indexer(
        tools.write, lambda work: work.clusters.catch_up(tools.clock(), limit=BATCH), what="[enrich] stories"
    )


def _take(report: Report, vitals: Vitals) -> None:
    vitals.count(report)
    log_report(report)


async def _beat(vitals: Vitals, notifier: Notifier) -> None:
    vitals.beat(clock())
    notifier.beat()


def _renewers(tools: Tools, store: Store, settings: Settings) -> list[Renewer]:
    if tools.renew is None or not settings.enrich.again:
        return []
    renewing = Renewing(
        store=store, write=tools.write, renew=tools.renew, manner=manner_of(settings), clock=tools.clock
    )
    return [Renewer(renewing)]


async def _drain(
    poller: Poller, followers: Iterable[DeliverySink | Refiner | Indexer], tools: Tools, notifier: Notifier
) -> None:
    notifier.stopping()
    for follower in followers:
        follower.stop()
    await poller.drain(DRAIN_SECONDS)
    tools.write.give_up()


def _begin(work: Work, configuration: Configuration, origins: Origins, policy: PollPolicy, now: datetime) -> list[Pace]:
    work.feeds.sync(configuration.feeds, now, origin_of=origins.of)
    work.feeds.release_claims()
    work.origins.mend(now)
    begin(work, configuration.settings, now)
    work.schedule.mend(lambda feeds: mended(feeds, policy, now))  # other settings, or another clock (SC-28)
    return work.origins.paces()


def _poster(settings: Settings) -> Poster:
    """Return what sends webhooks: no other addresses and ports are open to them than to feeds, but their own."""
    return Poster(
        _fetch_policy(settings, configured_ports([*(hook.url for hook in settings.webhook), *settings.websub.hubs])),
        now=clock,
    )


def _requests(feeds: Sequence[FeedConfig]) -> Callable[[Feed], FetchRequest]:
    """Return what makes a feed's request. Its options hold secrets: they are looked up here, and kept in no store."""
    options = {feed.url: feed.options for feed in feeds if feed.options is not None}

    def request(feed: Feed) -> FetchRequest:
        own = options.get(feed.url)
        # What is personal is for the configured origin: the feed is asked for there, wherever it may have moved.
        return replace(plain_request(feed), url=feed.url, options=own) if own else plain_request(feed)

    return request


def _budget(settings: Settings) -> OriginBudget:
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


async def _forget(tools: Tools, settings: Settings) -> None:
    now = tools.clock()
    await tools.write(lambda work: work.feeds.forget_polls(now - _POLLS_KEPT))
    await forget_raw(tools.write, now - settings.store.raw_keep)
    if settings.store.keep is not None:
        pruned = await prune(tools.write, settings.store.keep, now, waits_for=names(settings))
        if pruned:
            log.info("pruned", records=pruned)


def _fetch_policy(settings: Settings, ports: frozenset[tuple[str, int]]) -> FetchPolicy:
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
