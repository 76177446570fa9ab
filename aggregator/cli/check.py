"""``aggregator check``: is the configuration right?"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, complain_of, configured, say
from aggregator.cli.frames import frame
from aggregator.feeds import Configuration
from aggregator.settings import ConfigError, Problem

FormatOption = Annotated[
    Literal["text", "json"], typer.Option("--format", help="text for people, json for programs and editors.")
]


def check(config: ConfigOption = DEFAULT_CONFIG, form: FormatOption = "text") -> None:
    """Say whether the configuration is right.

    Reads it and all the lists it includes, and shows every problem with file, line and column, and the lines it is
    about. As JSON: "ok", how many "feeds" there are and are "enabled", and "problems" and "notes", each with "kind"
    (syntax, unreadable, unknown, missing, value, conflict), "file", "line", "column", "message" and "frame".

    Exit status: 0 when a daemon would start with it, 78 when not.

    \b
    Examples:
      aggregator check -c config/aggregator.toml
      aggregator check --format json | jq .problems
    """
    try:
        configuration = configured(config)
    except ConfigError as error:
        if form == "json":
            say(json.dumps({"ok": False, "problems": [*map(_fields, error.problems)], "notes": []}))
        else:
            complain_of(error)
        raise typer.Exit(78) from error
    if form == "json":
        say(json.dumps({"ok": True, **_counts(configuration), "problems": [], "notes": _notes(configuration)}))
    else:
        _tell(config, configuration)


def _tell(config: Path, configuration: Configuration) -> None:
    for note in configuration.notes:
        complain(f"note: {note}")
    counts = _counts(configuration)
    say(f"{config}: {counts['feeds']} feeds, {counts['enabled']} enabled")


def _counts(configuration: Configuration) -> dict[str, int]:
    return {"feeds": len(configuration.feeds), "enabled": sum(feed.enabled for feed in configuration.feeds)}


def _notes(configuration: Configuration) -> list[dict[str, Any]]:
    return [_fields(note) for note in configuration.notes]


def _fields(problem: Problem) -> dict[str, Any]:
    return {
        "kind": problem.kind,
        "file": problem.file,
        "line": problem.line or None,
        "column": problem.column or None,
        "message": problem.message,
        "frame": frame(problem),
    }
