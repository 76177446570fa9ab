"""``aggregator check``: is the configuration right?"""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, complain_of, configured, say
from aggregator.cli.frames import frame
from aggregator.daemon import clock
from aggregator.feeds import Configuration
from aggregator.publish.unwritable import hindrance
from aggregator.settings import ConfigError, Problem
from aggregator.settings.load import examine
from aggregator.text.counted import counted

FormatOption = Annotated[
    Literal["text", "json"], typer.Option("--format", help="text for people, json for programs and editors.")
]


def check(config: ConfigOption = DEFAULT_CONFIG, form: FormatOption = "text") -> None:
    """Say whether the configuration is right.

    Reads it and all the lists it includes, and shows every problem with file, line and column, and the lines it is
    about. Of [[export]] files it notes what would keep you, who run this, from writing them. As JSON: "ok",
    how many "feeds" there are and are "enabled", and "problems" and "notes", each with "kind"
    (syntax, unreadable, unknown, missing, value, conflict), "file", "line", "column", "message" and "frame".

    Exit status: 0 when a daemon would start with it, 78 when not.

    \b
    Examples:
      aggregator check -c config/aggregator.toml
      aggregator check --format json | jq .problems
    """
    try:
        configuration = configured(config)
        notes = [*configuration.notes, *_hindered(config)]
    except ConfigError as error:
        if form == "json":
            say(json.dumps({"ok": False, "problems": [*map(_fields, error.problems)], "notes": []}))
        else:
            complain_of(error)
        raise typer.Exit(78) from error
    if form == "json":
        say(json.dumps({"ok": True, **_counts(configuration), "problems": [], "notes": [*map(_fields, notes)]}))
    else:
        _tell(config, configuration, notes)


def _tell(config: Path, configuration: Configuration, notes: Iterable[Problem]) -> None:
    for note in notes:
        complain(f"note: {note}")
    counts = _counts(configuration)
    say(f"{config}: {counted(counts['feeds'], 'feed')}, {counts['enabled']} enabled")


def _counts(configuration: Configuration) -> dict[str, int]:
    return {"feeds": len(configuration.feeds), "enabled": sum(feed.enabled for feed in configuration.feeds)}


def _hindered(config: Path) -> Iterator[Problem]:
    """Yield what would keep this process from writing an export."""
    examined = examine(config, os.environ)
    for at, export in enumerate(examined.settings.export if examined.settings else ()):
        reason = hindrance(Path(clock().strftime(export.path)))
        if reason is not None:
            yield examined.document.problem(("export", at, "path"), f"export {export.name} cannot be written: {reason}")


def _fields(problem: Problem) -> dict[str, Any]:
    return {
        "kind": problem.kind,
        "file": problem.file,
        "line": problem.line or None,
        "column": problem.column or None,
        "message": problem.message,
        "frame": frame(problem),
    }
