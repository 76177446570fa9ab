"""``aggregator webhooks …``: what is given to [[webhook]] and [[command]], and what could not be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say, when
from aggregator.cli.status import trouble_of
from aggregator.daemon import clock
from aggregator.model import Seq
from aggregator.settings import Settings
from aggregator.settings.problems import nearest
from aggregator.store.contract import Work
from aggregator.store.location import open_store
from aggregator.text.counted import counted
from aggregator.text.terminal import printable

app = typer.Typer(
    help="List webhooks and commands, and the dead letters of both; replay those, resume what stopped.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

NameArgument = Annotated[str, typer.Argument(help="The name of the webhook or command.")]


@app.command("list")
def list_receivers(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Print every webhook and command: name, where it leads, seq, how far behind, and its trouble; separated by tabs.

    \b
    Example:
      aggregator webhooks list
    """
    settings = configured(config).settings
    with open_store(settings.store.url).read() as work:
        known = {each.name: each for each in work.consumers.statuses()}
        waiting = {name: work.deliveries.waiting(name) for name in known}
    for name, place in _receivers(settings).items():
        status = known.get(name)
        row = (str(status.seq), str(status.lag), trouble_of(status)) if status else ("-", "-", "not started yet")
        typer.echo("\t".join(map(printable, (name, place, *row))))
        for delivery in waiting.get(name, ()):
            again = f"tried {counted(delivery.tries, 'time')}, next {when(delivery.next_try_at)}"
            typer.echo(f"\t{delivery.seq}\t{again}\t{printable(delivery.error)}")


@app.command()
def dead(
    name: Annotated[str | None, typer.Argument(help="Only of this webhook or command.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Print what nobody tries to deliver any more: name, seq, tries, when it was given up, why; separated by tabs.

    \b
    Example:
      aggregator webhooks dead
    """
    with open_store(configured(config).settings.store.url).read() as work:
        letters = work.deliveries.dead(name)
    for consumer, letter in letters:
        row = (consumer, str(letter.seq), str(letter.tries), when(letter.dead_at), letter.error)
        typer.echo("\t".join(map(printable, row)))


@app.command()
def replay(
    name: NameArgument,
    seqs: Annotated[list[int] | None, typer.Argument(help="Only these dead letters; all if left out.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Have dead letters tried again by the daemon, besides what comes anew.

    \b
    Example:
      aggregator webhooks replay chat 4711 4712
    """
    with _writing(config, name) as work:
        count = work.deliveries.revive(name, [Seq(seq) for seq in seqs or ()], clock())
    say(f"{count} dead letters of {name} are tried again")


@app.command()
def resume(name: NameArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Go on delivering to a webhook that answered 410 Gone.

    \b
    Example:
      aggregator webhooks resume chat
    """
    with _writing(config, name) as work:
        reason = work.deliveries.stopped(name)
        work.deliveries.stop(name, None)
    say(f"resumed {name}" if reason else f"{name} was not stopped")


@contextmanager
def _writing(config: Path, name: str) -> Iterator[Work]:
    """Offer the store to write to; exit where no output has that name."""
    settings = configured(config).settings
    known = _receivers(settings)
    if name not in known:
        complain(
            f"no webhook or command is called {name!r}{nearest(name, known)}; `aggregator webhooks list` shows them"
        )
        raise typer.Exit(64)
    store = open_store(settings.store.url)
    try:
        with store.work() as work:
            yield work
    finally:
        store.close()


def _receivers(settings: Settings) -> dict[str, str]:
    """Return where each leads: of an address only the host, for the rest of it may be a secret."""
    hosts = {hook.name: urlsplit(hook.url).hostname or "" for hook in settings.webhook}
    return hosts | {command.name: command.argv[0] for command in settings.command}
