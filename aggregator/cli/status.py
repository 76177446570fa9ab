"""``aggregator status``: all feeds at a glance."""

import sys

from rich.console import Console
from rich.table import Table

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, located, say, when
from aggregator.cli.promises import promised
from aggregator.daemon import clock
from aggregator.feeds import shown
from aggregator.store.contract import FeedStatus
from aggregator.store.location import open_store
from aggregator.store.readers import ConsumerStatus
from aggregator.store.reloads import Reload
from aggregator.store.upkeep import Holder
from aggregator.text.terminal import printable

_WIDE = 1000


def status(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Show how every feed is doing.

    Its state, its last and next poll (UTC), how many records it carries, and its last error; where consumers stand; how
    the budget and the freshness of [schedule] are kept; and which process polls, or why it is paused.

    \b
    Example:
      aggregator status
    """
    url, settings = located(config)
    store, now = open_store(url), clock()
    with store.read() as work:
        feeds, consumers, records = work.feeds.statuses(), work.consumers.statuses(), work.records.count()
        promises = [*promised(work, settings.schedule, now)] if settings else []
        reload = work.reloads.last()
    # Elsewhere than on a terminal a line is a feed: whatever reads it must not meet wrapped cells.
    console = Console(width=None if sys.stdout.isatty() else _WIDE)
    console.print(_feed_table(feeds), markup=False, highlight=False)
    if consumers:
        console.print(_consumer_table(consumers), markup=False, highlight=False)
    due = sum(feed.active and feed.next_poll_at <= now for feed in feeds)
    failing = sum(feed.failures > 0 for feed in feeds)
    say(f"{len(feeds)} feeds, {failing} failing, {due} due; {records} records")
    for line in promises:
        say(line)
    holder = store.holder()
    say(_polling(holder))
    if reload is not None and holder is not None:
        say(_reloaded(reload))


def _polling(holder: Holder | None) -> str:
    if holder is None:
        return "nobody polls"
    return f"polled by {holder.name}" if holder.trouble is None else f"polling is paused: {holder.trouble}"


def _reloaded(reload: Reload) -> str:
    if reload.taken:
        return f"configuration taken up at {when(reload.done_at)}: {reload.message}"
    return f"configuration REFUSED at {when(reload.done_at)}, the one before counts: {reload.message}"


def _feed_table(feeds: list[FeedStatus]) -> Table:
    table = Table("feed", "state", "last poll", "next poll", "records", "last error", box=None, pad_edge=False)
    table.columns[4].justify = "right"
    for feed in feeds:
        next_poll = max(feed.next_poll_at, feed.retry_after_at or feed.next_poll_at)
        table.add_row(
            printable(feed.name or shown(feed.url)),
            feed.state,
            when(feed.last_poll_at),
            when(next_poll) if feed.active and feed.state != "gone" else "-",
            str(feed.records),
            printable(feed.reason or ""),
        )
    return table


def _consumer_table(consumers: list[ConsumerStatus]) -> Table:
    table = Table("consumer", "seq", "behind", "last read", "trouble", box=None, pad_edge=False)
    for consumer in consumers:
        table.add_row(
            printable(consumer.name), str(consumer.seq), str(consumer.lag), when(consumer.at), trouble_of(consumer)
        )
    return table


def trouble_of(consumer: ConsumerStatus) -> str:
    """Return what is wrong with the deliveries to a consumer, "" where nothing is."""
    told = [f"stopped: {consumer.stopped}"] if consumer.stopped else []
    told += [f"{consumer.waiting} to be tried again"] if consumer.waiting else []
    told += [f"{consumer.dead} dead"] if consumer.dead else []
    return printable("; ".join(told))
