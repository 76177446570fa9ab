"""``aggregator backup``: a sound copy of the store."""

from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured, say
from aggregator.daemon import clock
from aggregator.store.location import open_store


def backup(
    destination: Annotated[
        Path | None,
        typer.Argument(metavar="[DEST]", help="A new file, or a folder to make one in.", show_default="this folder"),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Copy the store to a file, while the daemon runs.

    The copy is compact, read through once, and on the disk before it gets its name. In a folder it is named for the
    time (UTC): aggregator-20260624T221412Z.sqlite. To go back to it: `aggregator restore`.

    Exit status: 0 the copy is there, 69 it could not be made.

    \b
    Examples:
      aggregator backup /backups
      aggregator backup before-the-move.sqlite
    """
    store = open_store(configured(config).settings.store.url)
    target = (destination or Path()).resolve()
    if target.is_dir():
        target /= f"aggregator-{clock():%Y%m%dT%H%M%SZ}.sqlite"
    store.backup(target)
    say(f"{target}: {target.stat().st_size / 10**6:,.1f} MB")
