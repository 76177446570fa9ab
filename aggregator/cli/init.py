"""``aggregator init``: a first configuration."""

import os
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, complain_of, say
from aggregator.cli.first_config import FirstConfig, Unusable, first_config
from aggregator.feeds import load
from aggregator.settings import ConfigError
from aggregator.shipped import shipped
from aggregator.text.counted import counted

_NOWHERE = "none"


def init(
    *,
    feed: Annotated[
        list[str] | None,
        typer.Option("--feed", help="A feed's URL, or the path of a list (.opml, .toml, .txt); several times."),
    ] = None,
    output: Annotated[
        str | None, typer.Option(help='The file of JSON Lines to write, beside the configuration; "none" for none.')
    ] = None,
    store: Annotated[
        str, typer.Option(metavar="FILE", help="The file that keeps everything, relative to the configuration.")
    ] = "aggregator.sqlite",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: what is not said is as by default.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write a first configuration: three questions, or none with --yes.

    Where it is to be, which feeds, and which file of records the daemon is to write. A file that is there is never
    overwritten. The store will be beside the configuration, or where --store says.

    Exit status: 0 written, 1 not written: it is there already, or an answer cannot be used; 64 nobody can be asked.

    \b
    Examples:
      aggregator init
      aggregator init --yes -c news/aggregator.toml --feed https://example.org/feed.xml --feed subscriptions.opml
      aggregator init --yes -c /etc/aggregator/aggregator.toml --store /var/lib/aggregator/aggregator.sqlite
    """
    if not yes and not (sys.stdin.isatty() and sys.stderr.isatty()):
        complain("init asks three questions, and nobody is at a terminal: --yes takes the defaults")
        raise typer.Exit(64)
    path = config if yes else Path(typer.prompt("Where is the configuration to be?", str(config), err=True))
    if path.exists():
        complain(f"{path} is there already, and stays as it is: `aggregator check -c {path}` looks at it")
        raise typer.Exit(1)
    feeds = feed or [] if yes else [*(feed or []), *_asked_feeds()]
    written = output or "records.jsonl"
    if not yes and output is None:
        written = typer.prompt('A file for the records, or "none"?', written, err=True)
    _write(path, feeds, None if written == _NOWHERE else written, store)


def _asked_feeds() -> list[str]:
    question = "Which feeds? URLs, or lists such as subscriptions.opml, with spaces between; or nothing yet"
    return shlex.split(typer.prompt(question, "", show_default=False, err=True))


def _write(path: Path, feeds: list[str], output: str | None, store: str) -> None:
    try:
        schema = shipped("aggregator.schema.json")
        made = first_config(feeds, output, folder=path.parent, schema=schema, store=store)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(made.text)
    except (Unusable, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        complain(f"{path} is not written: {reason}")
        raise typer.Exit(1) from error
    try:
        configuration = load(path, os.environ)
    except ConfigError as error:  # a list that is none, or a variable of the environment
        path.unlink()
        complain_of(error)
        complain(f"{path} is not written")
        raise typer.Exit(1) from error
    _tell(path, made, len(configuration.feeds))


def _tell(path: Path, made: FirstConfig, feeds: int) -> None:
    say(f"{path} is written: {counted(feeds, 'feed')}{f', records go to {made.output}' if made.output else ''}")
    option = "" if path == DEFAULT_CONFIG else f" -c {shlex.quote(str(path))}"
    if not feeds:
        say(f"next:  aggregator feeds add{option} https://example.org/feed.xml")
    say(f"{'then:' if not feeds else 'next:'}  aggregator run{option}")
