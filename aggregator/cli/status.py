"""``aggregator status``: whether all is well, and how every feed does."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, located, say, when
from aggregator.cli.feed_table import feed_table
from aggregator.cli.promises import promised
from aggregator.cli.standing import Judged, Overview, document, judged
from aggregator.daemon import clock
from aggregator.publish.files import CLOSED
from aggregator.schedule.verdict import TROUBLE, VERDICTS, Verdict
from aggregator.settings import Settings
from aggregator.settings.problems import nearest
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from aggregator.store.readers import ConsumerStatus
from aggregator.store.reloads import Reload
from aggregator.store.upkeep import Holder
from aggregator.text.counted import counted
from aggregator.text.terminal import printable

_WIDE = 1000
_DELAYS_OVER = timedelta(days=7)
_A_SCREEN = 20  # lines: below a longer table the summary is said again


def status(
    only: Annotated[
        str, typer.Option(help=f"Feeds of these verdicts only, e.g. dead,failing. There are {', '.join(VERDICTS)}.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, for programs.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Say whether all is well, and how every feed does.

    The first line is the answer. Then a line a feed, what needs you first: its verdict, how often it publishes, how old
    its newest story is, how long after their publication stories were found in the last seven days, its last and next
    poll, how many records it carries, and its last error; then where consumers stand, how the budget and the
    freshness of [schedule] are kept, and which process polls.

    \b
    behind   polls are late: the daemon does not run, or does not keep up
    dead     it answers, and has been silent for far longer than its rhythm allows
    failing  its last poll failed
    gone     it says that it is gone, or is polled elsewhere: it may go from the configuration
    new      not polled yet
    quiet    nothing new for a while, as happens
    ok       it publishes as it does
    paused   not to be polled, by the configuration

    Exit status: 0 all is well; 1 a feed (of those that --only names) is behind, dead or failing, an output has stopped
    or cannot be written, polling is paused, or a changed configuration was refused.

    \b
    Examples:
      aggregator status
      aggregator status --only behind,dead,failing
      aggregator status --json | jq '.feeds[] | select(.verdict == "dead") | .url'
    """
    wanted = _verdicts(only)
    url, settings = located(config)
    overview = _overview(open_store(url), settings, now := clock())
    chosen = [line for line in overview.feeds if line.verdict in wanted]
    if as_json:
        typer.echo(orjson.dumps(document(overview, chosen)))
    else:
        _show(overview, chosen, now)
    is_well = overview.is_well if not only else all(line.verdict not in TROUBLE for line in chosen)
    raise typer.Exit(0 if is_well else 1)


def _verdicts(only: str) -> set[Verdict]:
    words = [word.strip() for word in only.split(",") if word.strip()]
    for word in words:
        if word not in VERDICTS:
            raise typer.BadParameter(f"no verdict is called {word!r}{nearest(word, VERDICTS)}: {', '.join(VERDICTS)}")
    return {word for word in VERDICTS if not words or word in words}


def _overview(store: Store, settings: Settings | None, now: datetime) -> Overview:
    holder = store.holder()
    with store.read() as work:
        return Overview(
            feeds=judged(work.feeds.statuses(), work.schedule.delays(now - _DELAYS_OVER), now),
            consumers=work.consumers.statuses(),
            holder=holder,
            records=work.records.count(),
            promises=tuple(promised(work, settings.schedule, now)) if settings else (),
            reload=work.reloads.last() if holder else None,
        )


def _show(overview: Overview, chosen: Sequence[Judged], now: datetime) -> None:
    say(overview.summary)
    # Elsewhere than on a terminal a line is a feed: whatever reads it must not meet wrapped cells.
    console = Console(width=None if sys.stdout.isatty() else _WIDE)
    if chosen:
        console.print(feed_table(chosen, now), markup=False, highlight=False)
    if overview.consumers:
        console.print(_consumer_table(overview.consumers), markup=False, highlight=False)
        for line in _parts(overview.consumers):
            say(line)
    if len(chosen) > _A_SCREEN:
        say(overview.summary)
    for line in overview.promises:
        say(line)
    say(f"{counted(overview.records, 'record')}; {_polling(overview.holder)}")
    if overview.reload is not None:
        say(_reloaded(overview.reload))


def _polling(holder: Holder | None) -> str:
    if holder is None:
        return "nobody polls"
    return f"polled by {holder.name}" if holder.trouble is None else f"polling is paused: {holder.trouble}"


def _reloaded(reload: Reload) -> str:
    if reload.taken:
        return f"configuration taken up at {when(reload.done_at)}: {reload.message}"
    return f"configuration REFUSED at {when(reload.done_at)}, the one before counts: {reload.message}"


def _consumer_table(consumers: Sequence[ConsumerStatus]) -> Table:
    table = Table("consumer", "seq", "behind", "last read", "trouble", box=None, pad_edge=False)
    for consumer in consumers:
        table.add_row(
            printable(consumer.name), str(consumer.seq), str(consumer.lag), when(consumer.at), trouble_of(consumer)
        )
    return table


def _parts(consumers: Sequence[ConsumerStatus]) -> Iterator[str]:
    for consumer in consumers:
        if consumer.part > 1:
            yield f"{consumer.name} writes to {consumer.path}, part {consumer.part}: the one before it {CLOSED}"


def trouble_of(consumer: ConsumerStatus) -> str:
    """Return what is wrong with the deliveries to a consumer, "" where nothing is."""
    told = [f"stopped: {consumer.stopped}"] if consumer.stopped else []
    since = when(consumer.trouble_since)
    told += [f"cannot be written since {since}: {consumer.trouble}"] if consumer.trouble else []
    told += [f"{consumer.waiting} to be tried again"] if consumer.waiting else []
    told += [f"{consumer.dead} dead"] if consumer.dead else []
    return printable("; ".join(told))
