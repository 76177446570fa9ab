"""What the tables promise each other, beyond what SQLite itself watches over."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.model import Finding

_MOST_SHOWN = 5
_REPORT = "put a backup back, and please report it with the log: no use of the aggregator should lead here"


@dataclass(frozen=True, slots=True)
class _Check:
    """``sql`` selects what is wrong, one text a row."""

    name: str
    sql: str
    message: str
    advice: str = _REPORT


_CHECKS = (
    _Check(
        "orphans",
        "SELECT r.slug FROM records r LEFT JOIN revisions v ON v.record_id=r.id AND v.revision=r.revision"
        " WHERE v.record_id IS NULL",
        "records without their current revision",
    ),
    _Check(
        "orphans",
        "SELECT r.slug FROM records r LEFT JOIN changes c ON c.seq=r.seq AND c.record_id=r.id WHERE c.seq IS NULL",
        "records whose last change is not in the log",
    ),
    _Check(
        "orphans",
        "SELECT r.slug||' revision '||v.revision FROM revisions v JOIN records r ON r.id=v.record_id"
        " WHERE v.content IS NULL AND v.revision<r.revision",
        "old revisions without content",
    ),
    _Check(
        "orphans",
        "SELECT 'seq '||c.seq FROM changes c LEFT JOIN revisions v ON v.record_id=c.record_id AND v.revision=c.revision"
        " WHERE c.revision IS NOT NULL AND v.record_id IS NULL",
        "lines of the change log without their revision",
    ),
    _Check(
        "cursors",
        "SELECT name FROM consumers WHERE seq>(SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name='changes')",
        "consumers that have read further than the log goes",
        "they miss what comes until the log has caught up: give each a new name, or delete its row in `consumers`",
    ),
)


def misfits(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Yield what does not fit together."""
    yield from _foreign_keys(connection)
    for check in _CHECKS:
        rows = [str(row[0]) for row in connection.execute(check.sql).fetchall()]
        if rows:
            yield _finding(check.name, rows, check.message, check.advice)
    yield from _sequence(connection)


def _foreign_keys(connection: sqlite3.Connection) -> Iterator[Finding]:
    rows = [
        f"{table} row {row} -> {parent}" for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check")
    ]
    if rows:
        yield _finding("foreign-keys", rows, "rows that point at rows which are not there", _REPORT)


def _sequence(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Every seq that was given out is in the log, or was pruned: what is rolled back gives its numbers back."""
    given = connection.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name='changes'").fetchone()[0]
    kept, newest = connection.execute("SELECT count(*), coalesce(max(seq), 0) FROM changes").fetchone()
    (pruned,) = connection.execute("SELECT pruned_changes FROM retention").fetchone()
    missing = given - kept - pruned
    if missing or newest > given:
        yield Finding(
            check="sequence",
            severity="problem",
            message=f"the change log has gaps: {abs(missing)} of {given} lines are not there",
            advice=_REPORT,
        )


def _finding(name: str, rows: list[str], message: str, advice: str) -> Finding:
    shown = ", ".join(rows[:_MOST_SHOWN]) + (", …" if len(rows) > _MOST_SHOWN else "")
    return Finding(check=name, severity="problem", message=f"{len(rows)} {message}: {shown}", advice=advice)
