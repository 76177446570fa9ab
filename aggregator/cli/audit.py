"""``aggregator audit``: how polite polling has been."""

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured, say
from aggregator.daemon import clock
from aggregator.schedule.audit import OriginAudit
from aggregator.schedule.audit import audit as audited
from aggregator.settings.values import duration
from aggregator.store.location import open_store
from aggregator.text.counted import counted
from aggregator.text.terminal import printable

_WIDE = 1000


def audit(
    since: Annotated[str, typer.Option(help='How far to look back, e.g. "7d"; polls are kept for 30 days.')] = "30d",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Show for every origin how it has been polled.

    Requests, how many were answered "not modified", bytes, bytes that conditional requests saved (by the size of the
    last body), how often a hint (max-age, ttl, Retry-After and the like) put a poll off and was obeyed, and violations:
    polls sooner than the shortest interval or a hint allowed.

    Exit status: 0 without violations, 1 with some.

    \b
    Example:
      aggregator audit --since 7d
    """
    try:
        back = duration(since, least=timedelta(seconds=1))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    with open_store(configured(config).settings.store.url).read() as work:
        lines = audited(work.schedule.polls(clock() - back))
    # Elsewhere than on a terminal a line is an origin: whatever reads it must not meet wrapped cells.
    Console(width=None if sys.stdout.isatty() else _WIDE).print(table(lines), markup=False, highlight=False)
    violations = sum(line.violations for line in lines)
    requests = sum(line.requests for line in lines)
    say(f"{counted(len(lines), 'origin')}, {counted(requests, 'request')}, {counted(violations, 'violation')}")
    raise typer.Exit(1 if violations else 0)


def table(lines: Sequence[OriginAudit]) -> Table:
    """Return the audit as a table for people."""
    names = ("origin", "requests", "304s", "304 rate", "bytes", "bytes saved", "hints obeyed", "violations")
    shown = Table(*names, box=None, pad_edge=False)
    for column in shown.columns[1:]:
        column.justify = "right"
    for line in lines:
        shown.add_row(
            printable(line.origin),
            str(line.requests),
            str(line.unchanged),
            f"{line.unchanged_rate:.0%}",
            f"{line.wire_bytes:,}",
            f"{line.saved_bytes:,}",
            str(line.obeyed),
            str(line.violations),
        )
    return shown
