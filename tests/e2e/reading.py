"""A process that reads a store for so long, in one of the ways in which programs do: ``python -m … KIND FILE SECONDS``.

Prints how often it read. Any error ends it.
"""

import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

from aggregator.daemon import clock
from aggregator.model import Seq
from aggregator.publish.record import row_lines
from aggregator.store.location import open_store

_QUERIES = (
    "SELECT count(*) FROM records",
    "SELECT title, count(*) FROM records r JOIN sightings s ON s.record_id=r.id GROUP BY r.id ORDER BY 2 DESC LIMIT 50",
    "SELECT kind, count(*) FROM changes GROUP BY kind",
    "SELECT name, sql FROM sqlite_schema",
    "SELECT * FROM feeds ORDER BY last_poll_at DESC LIMIT 20",
)


def api(path: Path) -> None:
    """Ask as a web API would: short reads, one after the other."""
    store = open_store(f"sqlite:///{path}")
    with store.read() as work:
        work.feeds.statuses()
        changes = work.log.after(Seq(max(0, work.log.last() - 50)), limit=50)
    with store.read() as work:
        for change in changes:
            if change.record is not None:
                assert work.records.by_slug(change.record.slug) is not None


def export(path: Path) -> None:
    """Write every record, in one read."""
    with open_store(f"sqlite:///{path}").read() as work:
        lines = b"".join(row_lines(rows, "https://news.example") for rows in work.records.rows())
        assert lines.count(b"\n") == work.records.count()


def datasette(path: Path) -> None:
    """Query as a program that knows nothing of ours does, with what sqlite3 gives by default."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    for query in _QUERIES:
        connection.execute(query).fetchall()
    connection.close()


def consumer(path: Path) -> None:
    """Read on, and remember the place: a small write."""
    store = open_store(f"sqlite:///{path}")
    with store.read() as work:
        changes = work.log.after(work.consumers.cursor("reader") or Seq(0), limit=100)
    with store.work() as work:
        work.consumers.advance("reader", changes[-1].seq if changes else work.log.last(), clock())
    store.close()


KINDS: dict[str, Callable[[Path], None]] = {
    "api": api,
    "export": export,
    "datasette": datasette,
    "consumer": consumer,
}

if __name__ == "__main__":
    kind, file, seconds = sys.argv[1:]
    end = time.monotonic() + float(seconds)
    rounds = 0
    while time.monotonic() < end:
        KINDS[kind](Path(file))
        rounds += 1
    sys.stdout.write(f"{rounds}\n")
