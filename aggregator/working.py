"""One process of a fleet that polls, and does nothing else."""

import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import structlog

from aggregator import __version__
from aggregator.daemon import clock, poller_for, workshop_on
from aggregator.digest.memory import give_memory_back
from aggregator.feeds import Configuration, shown
from aggregator.fleet.member import member_of
from aggregator.jobs import DRAIN_SECONDS, Job, on_hangup, run_jobs, stop_on_signals
from aggregator.notify import Notifier
from aggregator.outputs import begin
from aggregator.poll import Report, Tools
from aggregator.reloading import Following, Reloader, Running
from aggregator.store.contract import Store, Work
from aggregator.tooling import budget_of

_TICK = timedelta(seconds=1)

log = structlog.get_logger("aggregator.daemon")


async def work(configuration: Configuration, store: Store, queue: str, *, on_report: Callable[[Report], None]) -> None:
    """Poll as one process of a fleet until SIGTERM or SIGINT; then finish what is under way, and hand it over."""
    settings = configuration.settings
    give_memory_back()
    stopping, notifier = stop_on_signals(), Notifier(os.environ)
    async with workshop_on(store, patient=True) as plain, member_of(queue, plain) as (member, workshop):
        assert member is not None
        async with workshop.tools(configuration, budget_of(settings)) as tools:
            now = clock()
            await tools.write.once(lambda work: _enrol(work, configuration, tools, now))
            poller = poller_for(tools, settings, claim=member.claim, on_report=on_report)
            running = Running(configuration=configuration, tools=tools, closing=AsyncExitStack())
            reloader = Reloader(running, workshop, poller, os.environ, adopt=_adopt, on_answer=lambda *_: None)
            on_hangup(reloader.signalled)
            async with member.polling(poller, lambda: reloader.running.tools.budget):
                log.info(
                    "working", version=__version__, feeds=len(configuration.feeds), store=shown(settings.store.url)
                )
                notifier.ready()

                async def drain() -> None:
                    log.info("stopping", hint="a second signal exits at once")
                    notifier.stopping()
                    member.stop()
                    await poller.drain(DRAIN_SECONDS)
                    tools.write.give_up()

                following = Following(reloader, tools.write)
                jobs = [Job(poller.poll_due, _TICK), Job(following.catch_up, _TICK), *member.jobs]
                try:
                    await run_jobs(jobs, stopping, drain)
                finally:
                    await reloader.end()
    log.info("stopped")


async def _adopt(before: Running, after: Running) -> None:
    """Nothing but polling goes on here."""


def _enrol(work: Work, configuration: Configuration, tools: Tools, now: datetime) -> None:
    """Bring the store up to the configuration, while others of the fleet may be polling."""
    work.feeds.sync(configuration.feeds, now, origin_of=tools.origin_of)
    begin(work, configuration.settings, now)
