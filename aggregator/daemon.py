"""Everything running together: the ticker, the poller, the exports; signals and draining."""

import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from datetime import UTC, datetime, timedelta

import structlog

from aggregator import __version__
from aggregator.delivering import Delivering, poster_of
from aggregator.digest.memory import give_memory_back
from aggregator.digest.workers import Digester
from aggregator.feeds import Configuration, shown
from aggregator.fetch.fetcher import Fetcher
from aggregator.fetch.policy import configured_ports
from aggregator.fleet.member import Member, member_of
from aggregator.jobs import DRAIN_SECONDS, Job, on_hangup, run_jobs, stop_on_signals
from aggregator.model import Pace
from aggregator.normalize.identity import key_hash
from aggregator.normalize.rekeying import rekeyed
from aggregator.notify import Notifier
from aggregator.outputs import hub_pings, names
from aggregator.poll import Report, Tools
from aggregator.poller import Claim, Poller
from aggregator.pricing import EVERY, Pricing
from aggregator.refining import Refiner, refining
from aggregator.reloading import Reloader, Running, take_up
from aggregator.renewing import Renewer, Renewing
from aggregator.settings import Settings
from aggregator.store.contract import Store, Work
from aggregator.store.indexer import BATCH, Indexer
from aggregator.store.rekey import KeyRules, rekey
from aggregator.store.retention import forget_raw, prune
from aggregator.store.writer import Writer
from aggregator.subscriber import subscribing
from aggregator.tooling import Workshop, budget_of, fetch_policy, manner_of
from aggregator.tracing import traced
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
    return Fetcher(fetch_policy(settings, configured_ports(urls)), now=clock)


@asynccontextmanager
async def polling(configuration: Configuration, store: Store) -> AsyncIterator[Tools]:
    """Offer the tools of polling on a store that this process holds, its feeds those of the configuration."""
    async with (
        workshop_on(store, patient=False) as workshop,
        workshop.tools(configuration, budget_of(configuration.settings)) as tools,
    ):
        await _open(configuration, tools)
        yield tools


@asynccontextmanager
async def workshop_on(
    store: Store, *, patient: bool, on_worker_lost: Callable[[], None] = lambda: None
) -> AsyncIterator[Workshop]:
    """Offer what makes tools. ``patient``: what cannot be written for now waits until it can (SQ-09)."""
    give_memory_back()
    workers = len(os.sched_getaffinity(0))
    async with Writer(store, patient=patient) as write, Digester(workers, on_loss=on_worker_lost) as digester:
        yield Workshop(write=write, digester=digester, clock=clock)


async def _open(configuration: Configuration, tools: Tools, *, alone: bool = True) -> None:
    """Bring the store up to the configuration and to the rules of today, and the tools to what it has learnt.

    ``alone``: nobody else polls it.
    """
    now = clock()

    def write(work: Work) -> list[Pace]:
        if alone:
            work.feeds.release_claims()
        work.reloads.clear()
        work.origins.mend(now)
        take_up(work, configuration, tools, now)
        if configuration.settings.schedule.budget:
            tools.price.value = work.schedule.price() or tools.price.value
        return work.origins.paces()

    tools.budget.restore(await tools.write.once(write), now)
    async for done, total in rekey(tools.write, _KEY_RULES, now):
        log.info("match keys of older rules made anew", done=done, of=total)


def poller_for(
    tools: Tools,
    settings: Settings,
    *,
    on_report: Callable[[Report], None],
    asked_only: bool = False,
    claim: Claim | None = None,
) -> Poller:
    """Return a poller with the limits of the settings."""
    return Poller(
        tools,
        concurrency=settings.fetch.concurrency,
        per_origin=tools.budget.most_per_origin,
        asked_only=asked_only,
        claim=claim,
        on_report=on_report,
    )


async def serve(
    configuration: Configuration,
    store: Store,
    environ: Mapping[str, str],
    *,
    on_report: Callable[[Report], None],
    attended: bool = False,
    queue: str | None = None,
) -> None:
    """Poll and export until SIGTERM or SIGINT; then finish what is under way. A second signal exits at once.

    SIGHUP, and a wish for it in the store, have the configuration read again. ``on_report`` is told of every
    poll. ``attended``: a terminal belongs to it, whose end SIGHUP means, and then it stops. ``queue``: that of the
    fleet which it is one process of.
    """
    settings = configuration.settings
    stopping, vitals, notifier = stop_on_signals(), Vitals(clock()), Notifier(environ)
    async with (
        workshop_on(store, patient=True, on_worker_lost=vitals.worker_lost) as plain,
        member_of(queue, plain) as (member, workshop),
        workshop.tools(configuration, budget_of(settings)) as tools,
        poster_of(settings, clock) as poster,
        traced(settings, environ) as trace,
    ):
        await _open(configuration, tools, alone=member is None)
        changing = writing(tools.write, settings, environ)
        async with (
            subscribing(settings, tools, poster) as subscriber,
            refining(settings.enrich.llm, store, tools.write, clock, vocabulary=settings.enrich.topics) as refiner,
            site_beside(settings, store, clock, changing, subscriber=subscriber, vitals=vitals),
        ):
            claim = member.claim if member else None
            watchers = [vitals.count, on_report, *([lambda report: trace(report, clock())] if trace else [])]
            poller = poller_for(tools, settings, claim=claim, on_report=lambda report: _take(report, watchers))
            vitals.watch(lambda: poller.in_flight)
            renewer = _renewer(workshop, store, settings)
            outputs = Delivering(store, tools.write, clock, stopping.set)

            async def adopt(before: Running, after: Running) -> None:
                changing.adopt(after.settings)
                renewer.adopt(manner_of(after.settings))
                if subscriber:
                    subscriber.adopt(after.tools)
                if _outputs(before.settings) != _outputs(after.settings):
                    await outputs.end()
                    await outputs.begin(after.settings)

            running = Running(configuration=configuration, tools=tools, closing=AsyncExitStack())
            reloader = Reloader(running, workshop, poller, environ, adopt=adopt, on_answer=vitals.reloaded)
            on_hangup(stopping.set if attended else reloader.signalled)
            followers: list[Refiner | Indexer] = [
                *([refiner] if refiner else []),
                Indexer(tools.write),
                *([_clusterer(tools)] if settings.enrich.stories else []),
            ]
            log.info("started", version=__version__, feeds=len(configuration.feeds), store=shown(settings.store.url))
            jobs = [
                Job(poller.poll_due, _TICK),
                *(member.jobs if member else []),
                *(Job(follower.catch_up, _TICK) for follower in followers),
                *(Job(ping.catch_up, _TICK) for ping in hub_pings(settings, store, poster, clock)),
                *([Job(subscriber.catch_up, _TICK), Job(subscriber.take_pushes, _TICK)] if subscriber else []),
                Job(reloader.catch_up, _TICK),
                *([Job(renewer.catch_up, _TICK)] if settings.enrich.again else []),
                Job(Pricing(tools, lambda: reloader.running.settings.schedule.budget).adjust, EVERY),
                Job(lambda: _beat(vitals, notifier), _TICK),
                Job(lambda: _forget(tools.write, reloader.running.settings), timedelta(hours=1)),
            ]
            await outputs.begin(settings)
            notifier.ready()
            parts = [*followers, outputs, *([member] if member else [])]
            taking_part = member.polling(poller, lambda: reloader.running.tools.budget) if member else nullcontext()
            try:
                async with taking_part:
                    await run_jobs(jobs, stopping, lambda: _drain(poller, parts, tools, notifier))
            finally:
                await reloader.end()
                await outputs.end()
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
        **({"advice": report.advice} if report.advice else {}),
        **({"moved_to": shown(feed.fetch_url)} if outcome.moved_from else {}),
    )
    log_notices(report)


def log_notices(report: Report) -> None:
    """Write what a poll noticed besides."""
    outcome = report.outcome
    for notice in outcome.notices:
        log.warning(notice.kind, **notice.detail)
    for failure in outcome.digest.failures if outcome.digest else ():
        log.warning("enricher failed", enricher=failure.name, times=failure.times, reason=failure.message)


def _clusterer(tools: Tools) -> Indexer:
    return Indexer(
        tools.write, lambda work: work.clusters.catch_up(tools.clock(), limit=BATCH), what="[enrich] stories"
    )


def _take(report: Report, watchers: Iterable[Callable[[Report], None]]) -> None:
    for watch in watchers:
        watch(report)


async def _beat(vitals: Vitals, notifier: Notifier) -> None:
    vitals.beat(clock())
    notifier.beat()


def _renewer(workshop: Workshop, store: Store, settings: Settings) -> Renewer:
    return Renewer(
        Renewing(
            store=store, write=workshop.write, renew=workshop.digester.renew, manner=manner_of(settings), clock=clock
        )
    )


async def _drain(
    poller: Poller, parts: Iterable[Delivering | Refiner | Indexer | Member], tools: Tools, notifier: Notifier
) -> None:
    notifier.stopping()
    log.info("stopping", hint="a second signal exits at once")
    for part in parts:
        part.stop()
    await poller.drain(DRAIN_SECONDS)
    tools.write.give_up()


def _outputs(settings: Settings) -> tuple[object, ...]:
    """Return all that outputs depend on."""
    return settings.export, settings.webhook, settings.command, settings.fetch


async def _forget(write: Writer, settings: Settings) -> None:
    now = clock()
    await write(lambda work: work.feeds.forget_polls(now - _POLLS_KEPT))
    await forget_raw(write, now - settings.store.raw_keep)
    if settings.store.keep is not None:
        pruned = await prune(write, settings.store.keep, now, waits_for=names(settings))
        if pruned:
            log.info("pruned", records=pruned)
