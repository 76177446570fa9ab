"""``aggregator poll``: every feed once, now."""

import asyncio
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

import typer

from aggregator.cli.choosing import chosen
from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say
from aggregator.cli.logs import configure_logs
from aggregator.cli.progress import progress
from aggregator.daemon import clock, poller_for, polling
from aggregator.feeds import Configuration, shown
from aggregator.poll import Report, Tools
from aggregator.store.contract import Asked, Store
from aggregator.store.location import open_store
from aggregator.text.counted import counted

_RECENT = timedelta(minutes=5)  # SC-05


@dataclass(slots=True)
class _Tally:
    """What the polls came to, counted as they end."""

    polled: int = 0
    new: int = 0
    updated: int = 0
    pages: int = 0
    pages_missed: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    is_offline: bool = False

    def add(self, report: Report) -> None:
        feed = report.outcome.feed
        self.polled += 1
        self.new += report.applied.new
        self.updated += report.applied.updated
        if report.outcome.digest is not None:
            self.pages += report.outcome.digest.pages_read
            self.pages_missed += report.outcome.digest.pages_missed
        if feed.failures:
            self.failed.append((feed.url, report.advice or feed.reason or report.outcome.result))


def poll(
    feeds: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FEED]...", help="URLs, names or tags; all enabled feeds when left out."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also feeds polled in the last five minutes, or gone.")
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Poll every enabled feed, or those named, once, now.

    A feed polled less than five minutes ago is skipped unless --force is given; one whose server asked to wait
    (Retry-After) is skipped always.

    Exit status: 0 all went well or was rightly skipped, 1 some feeds failed (each named on standard error) or our own
    network seems to be down (what was not polled stays due), 64 nothing is called so, 75 another process polls this
    store.

    \b
    Examples:
      aggregator poll
      aggregator poll https://example.org/feed.xml --force
      aggregator poll news
    """
    configure_logs()
    configuration = configured(config)
    wanted = chosen(feeds, configuration) if feeds else None
    store = open_store(configuration.settings.store.url, create=True)
    with store.exclusive(shlex.join(["aggregator", *sys.argv[1:]])):
        tally = asyncio.run(_poll(configuration, store, wanted, force))
    for url, reason in tally.failed:
        complain(f"failed {shown(url)}: {reason}")
    if tally.is_offline:
        complain("our own network seems to be down: what was not polled stays due")
    raise typer.Exit(1 if tally.failed or tally.is_offline else 0)


async def _poll(configuration: Configuration, store: Store, urls: Sequence[str] | None, force: bool) -> _Tally:
    tally = _Tally()
    async with polling(configuration, store) as tools:
        asked = await _ask(tools, urls, force)
        with progress("polling", len(asked.feeds)) as advance:

            def on_report(report: Report) -> None:
                tally.add(report)
                _complain_of_enrichers(report)
                advance()

            poller = poller_for(tools, configuration.settings, on_report=on_report, asked_only=True)
            await poller.poll_due()
            tally.is_offline = poller.is_offline
        now = clock()
        late = await tools.write(lambda work: work.feeds.unask(now))
    for url, reason in (*asked.skipped, *late):
        say(f"skipped {shown(url)}: {reason}")
    say(
        f"polled {counted(tally.polled, 'feed')}: {tally.new} new, {tally.updated} updated, {len(tally.failed)} failed,"
        f" {len(asked.skipped) + len(late)} skipped"
    )
    if tally.pages or tally.pages_missed:
        say(f"read {counted(tally.pages, 'page')} for full text, {tally.pages_missed} not")
    return tally


def _complain_of_enrichers(report: Report) -> None:
    digest = report.outcome.digest
    for failure in digest.failures if digest else ():
        times = counted(failure.times, "time")
        complain(f"{shown(report.outcome.feed.url)}: {failure.name} failed {times}: {failure.message}")


async def _ask(tools: Tools, urls: Sequence[str] | None, force: bool) -> Asked:
    now = clock()
    recent = now if force else now - _RECENT
    return await tools.write(lambda work: work.feeds.ask(urls, now, recent=recent, stopped=force))
