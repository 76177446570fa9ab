"""What commands print: text that a terminal shows and never obeys (OI-12)."""

import os
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer

from aggregator.cli.frames import framed
from aggregator.feeds import Configuration, load
from aggregator.settings import ConfigError, Settings
from aggregator.settings.checks import SQLITE
from aggregator.settings.load import store_url
from aggregator.text.counted import counted
from aggregator.text.terminal import printable

ConfigOption = Annotated[
    Path,
    typer.Option(
        "-c",
        "--config",
        envvar="AGGREGATOR_CONFIG",
        help="The configuration file.",
        show_default="config/aggregator.toml",
    ),
]
_WIDE = 160
DEFAULT_CONFIG = Path("config/aggregator.toml")


def configured(path: Path) -> Configuration:
    """Return the configuration with its feeds. Raises ConfigError with every problem."""
    return load(path, os.environ)


def located(path: Path, *, tell: bool = True) -> tuple[str, Settings | None]:
    """Return where the store is, and the settings. Where there is one, other mistakes in them are only shown, or not
    even that unless ``tell``.

    Raises ConfigError for mistakes where there is none.
    """
    try:
        settings = configured(path).settings
    except ConfigError as error:
        url = store_url(path, os.environ)
        if url is None or not Path(url.removeprefix(SQLITE)).exists():
            raise
        if tell:
            complain_of(error)
        return url, None
    return settings.store.url, settings


def complain(text: str) -> None:
    """Print to standard error."""
    for line in text.split("\n"):
        typer.echo(printable(line), file=sys.stderr)


def complain_of(error: ConfigError) -> None:
    """Print what is wrong with the configuration to standard error, in colours where that is a terminal."""
    width = shutil.get_terminal_size((_WIDE, 0)).columns if sys.stderr.isatty() else _WIDE
    typer.echo(framed(error.problems, colour=is_colourful(sys.stderr), width=width), file=sys.stderr)
    many = counted(len(error.problems), "problem")
    missing = all(problem.kind == "unreadable" and not Path(problem.file).exists() for problem in error.problems)
    start = " `aggregator init` writes a first configuration." if missing else ""
    complain(f"{many}. Mend the file, then let `aggregator check` look again.{start}")


def is_colourful(stream: TextIO) -> bool:
    """Whether a stream leads to a terminal that colours are wanted on (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def say(text: str) -> None:
    """Print a line to standard output."""
    typer.echo(printable(text))


def say_row(*cells: str) -> None:
    """Print a line of cells, separated by tabs."""
    typer.echo("\t".join(map(printable, cells)).rstrip())


def when(moment: datetime | None) -> str:
    """Return a moment as a person reads it in a table."""
    return "never" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"
