"""``aggregator config …``: the settings that count, and the shape of the file."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured, say
from aggregator.settings import ConfigError
from aggregator.settings.effective import Setting, effective
from aggregator.settings.load import examine
from aggregator.settings.positions import KeyPath
from aggregator.settings.schema import schema
from aggregator.shipped import shipped
from aggregator.text.counted import counted

app = typer.Typer(
    help="Show the settings that count, and the schema of the configuration file.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def show(
    config: ConfigOption = DEFAULT_CONFIG,
    form: Annotated[Literal["toml", "json"], typer.Option("--format", help="TOML with remarks, or JSON.")] = "toml",
) -> None:
    """Print every setting that counts, and where it comes from: a line of the file, the environment, or the default.

    Relative paths are made absolute. Secrets are masked. Feeds are left to `aggregator feeds list`.

    \b
    Examples:
      aggregator config show
      aggregator config show --format json | jq '.[] | select(.origin != "default")'
    """
    examined = examine(config, os.environ)
    if examined.settings is None or examined.problems:
        raise ConfigError(examined.problems)
    settings = list(effective(examined))
    if form == "json":
        say(json.dumps([{"key": _dotted(each.path), "value": each.value, "origin": each.origin} for each in settings]))
        return
    for line in _toml(settings):
        say(line)
    say("")
    say(f"# {counted(len(configured(config).feeds), 'feed')}: `aggregator feeds list`")


@app.command("schema")
def print_schema() -> None:
    """Print the JSON Schema of the configuration file, for editors that complete and check TOML by one (Taplo).

    It is shipped beside the annotated file too, which names it in its first line, "#:schema …".

    \b
    Example:
      aggregator config schema > aggregator.schema.json
    """
    for line in schema_text(shipped("aggregator.toml")).splitlines():
        say(line)


def schema_text(annotated: Path) -> str:
    """Return the schema as it is shipped; ``annotated`` is the annotated configuration."""
    return json.dumps(schema(annotated.read_text(encoding="utf-8")), indent=2, ensure_ascii=False) + "\n"


def _toml(settings: Iterable[Setting]) -> Iterator[str]:
    """Yield lines that are TOML; a setting without a value is a comment. What belongs to no table comes first."""
    tables: dict[KeyPath, list[Setting]] = {(): []}
    for each in settings:
        tables.setdefault(each.path[:-1], []).append(each)
    for table, those in tables.items():
        if table:
            yield ""
            yield f"[[{_dotted(table)}]]" if isinstance(table[-1], int) else f"[{_dotted(table)}]"
        for each in those:
            if each.value is None:
                yield f"# {each.path[-1]} is not set"
            else:
                yield f"{each.path[-1]} = {_literal(each.value)}  # {each.origin}"


def _dotted(path: KeyPath) -> str:
    return ".".join(part for part in path if isinstance(part, str))


def _literal(value: Any) -> str:
    """Return a value as TOML: JSON's texts, lists, numbers and booleans are."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_literal(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
