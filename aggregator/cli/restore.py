"""``aggregator restore``: a backup takes the store's place."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured, say
from aggregator.daemon import clock
from aggregator.store.location import restore_store


def restore(
    backup: Annotated[Path, typer.Argument(metavar="BACKUP", help="A file that `aggregator backup` wrote.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Put a backup in the store's place.

    Not while the daemon runs: stop it first. The backup is read through before anything happens, and stays; the store
    that is there now is put aside and not deleted, so that each restore takes the room of one more: remove it when all
    is well; `aggregator doctor` tells of those that are left. Consumers stand where they stood when the backup was
    made: what they have read since then they are told again.

    Exit status: 0 done, 69 the backup cannot be read, 75 a process polls the store.

    \b
    Example:
      aggregator restore /backups/aggregator-20260624T221412Z.sqlite
    """
    url = configured(config).settings.store.url
    aside = restore_store(url, backup, clock(), owner=shlex.join(["aggregator", *sys.argv[1:]]))
    say(f"restored from {backup}" + (f"; the store that was there is now {aside}" if aside else ""))
    if aside is not None:
        say(f"when all is well: rm {shlex.quote(str(aside))}*")
