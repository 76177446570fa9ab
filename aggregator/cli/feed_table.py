"""Feeds and how they do, as a table for people."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from rich.table import Table

from aggregator.cli.standing import Judged
from aggregator.text.terminal import printable

_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60))


def feed_table(lines: Iterable[Judged], now: datetime) -> Table:
    """Return a line for each."""
    names = ("feed", "verdict", "every", "newest", "delay", "last poll", "next poll", "records", "last error")
    table = Table(*names, box=None, pad_edge=False)
    for column in table.columns[2:8]:
        column.justify = "right"
        column.no_wrap = True
    table.columns[1].no_wrap = True
    for line in lines:
        feed = line.feed
        table.add_row(
            printable(line.name),
            line.verdict,
            _about(feed.gap),
            _about(_between(feed.newest_at, now)),
            _about(line.delay),
            _about(_between(feed.last_poll_at, now)),
            _about(_between(now, line.due_at)),
            str(feed.records),
            printable(feed.reason or ""),
        )
    return table


def _between(since: datetime | None, until: datetime | None) -> timedelta | None:
    return None if since is None or until is None else until - since


def _about(duration: timedelta | None) -> str:
    """Return a duration in the largest unit that it is two of: "90s", "2m", "47h"; what is late has a minus."""
    if duration is None:
        return "-"
    seconds = round(duration.total_seconds())
    unit, worth = next(((unit, worth) for unit, worth in _UNITS if abs(seconds) >= 2 * worth), ("s", 1))
    return f"{int(seconds / worth)}{unit}"
