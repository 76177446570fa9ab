"""What commands print: text that a terminal shows and never obeys (OI-12)."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from aggregator.feeds import Configuration, load
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
DEFAULT_CONFIG = Path("config/aggregator.toml")


def configured(path: Path) -> Configuration:
    """Return the configuration with its feeds. Raises ConfigError with every problem."""
    return load(path, os.environ)


def complain(text: str) -> None:
    """Print to standard error."""
    for line in text.split("\n"):
        typer.echo(printable(line), file=sys.stderr)


def say(text: str) -> None:
    """Print a line to standard output."""
    typer.echo(printable(text))


def when(moment: datetime | None) -> str:
    """Return a moment as a person reads it in a table."""
    return "never" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"
