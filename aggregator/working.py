"""One process of a fleet that polls, and does nothing else."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from aggregator import __version__
from aggregator.daemon import clock, poller_for, workshop_on
from aggregator.digest.memory import give_memory_back
from aggregator.feeds import Configuration, shown
from aggregator.fleet.member import member_of
from aggregator.jobs import DRAIN_SECONDS, Job, run_jobs, stop_on_signals
from aggregator.notify import Notifier
from aggregator.outputs import begin
from aggregator.poll import Report, Tools
from aggregator.store.contract import Store, Work
from aggregator.tooling import budget_of

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
            async with member.polling(poller, lambda: tools.budget):
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

                await run_jobs([Job(poller.poll_due, timedelta(seconds=1)), *member.jobs], stopping, drain)
    log.info("stopped")


def _enrol(work: Work, configuration: Configuration, tools: Tools, now: datetime) -> None:
    """Bring the store up to the configuration, while others of the fleet may be polling."""
    work.feeds.sync(configuration.feeds, now, origin_of=tools.origin_of)
    begin(work, configuration.settings, now)
