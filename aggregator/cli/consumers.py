"""``aggregator consumers …``: the named readers of the change log."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say, when
from aggregator.cli.exporting import moment
from aggregator.daemon import clock
from aggregator.model import Seq
from aggregator.settings.problems import nearest
from aggregator.store.contract import Work
from aggregator.store.location import open_store
from aggregator.text.terminal import printable

app = typer.Typer(
    help="List, acknowledge, replay and drop the named readers of the change log.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

NameArgument = Annotated[str, typer.Argument(help="The consumer's name.")]


@app.command("list")
def list_consumers(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Print every consumer: name, the last seq it has had, how many changes it is behind, when; separated by tabs.

    \b
    Example:
      aggregator consumers list
    """
    with open_store(configured(config).settings.store.url).read() as work:
        consumers = work.consumers.statuses()
    for each in consumers:
        typer.echo(f"{printable(each.name)}\t{each.seq}\t{each.lag}\t{when(each.at)}")


@app.command()
def ack(
    name: NameArgument,
    seq: Annotated[int, typer.Argument(help="The last seq that was dealt with.", min=0)],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Move a consumer forward: it has had everything up to this seq.

    \b
    Example:
      aggregator export --changes --consumer nightly --no-ack | load && aggregator consumers ack nightly 4711
    """

    def move(work: Work, place: Seq) -> Seq:
        if seq < place:
            complain(f"{name} is at {place} already; `aggregator consumers replay` moves it back")
            raise typer.Exit(1)
        if seq > (last := work.log.last()):
            complain(f"the last change is {last}: name that or an earlier one")
            raise typer.Exit(1)
        return Seq(seq)

    _move(config, name, move)


@app.command()
def replay(
    name: NameArgument,
    start: Annotated[str, typer.Option("--from", help="The first seq to have again, or a date or time (UTC).")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Move a consumer back, or anywhere: it has everything again from this seq or moment on.

    A running daemon takes note. An [[export]] appends what it has again to its files.

    \b
    Examples:
      aggregator consumers replay nightly --from 4711
      aggregator consumers replay nightly --from 2026-06-24T22:00
    """

    def move(work: Work, _: Seq) -> Seq:
        at = None if start.isascii() and start.isdigit() else moment(start)
        wanted = work.log.before(at) if at else Seq(max(0, int(start) - 1))
        return min(wanted, work.log.last())

    _move(config, name, move)


@app.command()
def drop(name: NameArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Forget a consumer and how far its files are written; under the same name it would begin anew.

    \b
    Example:
      aggregator consumers drop nightly
    """
    store = open_store(configured(config).settings.store.url)
    try:
        with store.work() as work:
            _place(work, name)
            work.consumers.drop(name)
    finally:
        store.close()
    say(f"dropped {name}")


def _move(config: Path, name: str, target: Callable[[Work, Seq], Seq]) -> None:
    store = open_store(configured(config).settings.store.url)
    try:
        with store.work() as work:
            seq = target(work, _place(work, name))
            work.consumers.advance(name, seq, clock())
            lag = work.log.last() - seq
    finally:
        store.close()
    say(f"{name} is at {seq}; the last change is {lag} later")


def _place(work: Work, name: str) -> Seq:
    """Return where a consumer is; exit where there is none of that name."""
    place = work.consumers.cursor(name)
    if place is None:
        known = [each.name for each in work.consumers.statuses()]
        complain(f"no consumer is called {name!r}{nearest(name, known)}; `aggregator consumers list` shows them")
        raise typer.Exit(1)
    return place
