"""``aggregator doctor``: is everything as it should be?"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated
from xml.parsers import expat

import orjson
import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured, say
from aggregator.daemon import clock
from aggregator.model import Finding
from aggregator.parse.expat import expat_findings
from aggregator.store.contract import StoreError
from aggregator.store.location import open_store
from aggregator.text.counted import counted


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as a JSON list.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Examine the installation and the store.

    Looks at SQLite and expat (versions with known bugs), at the disk and the rights, and reads the whole store: damage,
    rows that belong to nothing, gaps in the change log, a log that is not folded in, a clock that was wrong. Each
    finding comes with what to do. It changes nothing, and the daemon may run meanwhile.

    A problem needs somebody; a warning is a weakness that can be lived with.

    Exit status: 0 without problems, 1 with some.

    \b
    Examples:
      aggregator doctor
      aggregator doctor --json
    """
    found = list(_findings(configured(config).settings.store.url))
    problems = sum(finding.severity == "problem" for finding in found)
    if as_json:
        typer.echo(orjson.dumps([asdict(finding) for finding in found], option=orjson.OPT_INDENT_2).decode())
    else:
        _print(found, problems)
    raise typer.Exit(1 if problems else 0)


def _findings(url: str) -> Iterator[Finding]:
    yield from expat_findings(expat.version_info)
    try:
        store = open_store(url)
    except StoreError as error:
        yield Finding(check="store", severity="problem", message=str(error), advice="start the daemon once")
        return
    holder = store.holder()
    if holder is not None and holder.trouble is not None:
        advice = "it goes on by itself when that is over"
        yield Finding(
            check="polling", severity="problem", message=f"polling is paused: {holder.trouble}", advice=advice
        )
    yield from store.examine(clock())


def _print(found: Sequence[Finding], problems: int) -> None:
    for finding in found:
        say(f"{finding.severity}: {finding.check}: {finding.message}")
        say(f"  {finding.advice}")
    say(f"{counted(problems, 'problem')}, {counted(len(found) - problems, 'warning')}")
