"""What the tables promise each other, beyond what PostgreSQL itself watches over."""

from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.model import Finding
from aggregator.store.postgres.connection import Sql

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
        "orphans",
        "SELECT DISTINCT 'feed '||s.feed_id FROM sightings s LEFT JOIN feeds f ON f.id=s.feed_id WHERE f.id IS NULL",
        "sightings of feeds that are not there",
    ),
    *(
        _Check(
            "orphans",
            f"SELECT DISTINCT 'record '||t.record_id FROM {table} t LEFT JOIN records r ON r.id=t.record_id"
            " WHERE t.record_id IS NOT NULL AND r.id IS NULL",
            f"records that are not there, but in {table}",
        )
        for table in ("revisions", "sightings", "changes", "signatures")  # whose rows PostgreSQL does not check
    ),
    _Check(
        "cursors",
        "SELECT name FROM consumers WHERE seq>(SELECT seq FROM log_end)",
        "consumers that have read further than the log goes",
        "they miss what comes until the log has caught up: give each a new name, or delete its row in `consumers`",
    ),
)


def misfits(sql: Sql) -> Iterator[Finding]:
    """Yield what does not fit together."""
    for check in _CHECKS:
        rows = [str(row[0]) for row in sql.execute(check.sql).fetchall()]
        if rows:
            shown = ", ".join(rows[:_MOST_SHOWN]) + (", …" if len(rows) > _MOST_SHOWN else "")
            message = f"{len(rows)} {check.message}: {shown}"
            yield Finding(check=check.name, severity="problem", message=message, advice=check.advice)
    yield from _sequence(sql)


def _sequence(sql: Sql) -> Iterator[Finding]:
    """Every seq that was given out is in the log, or was pruned: what is rolled back gives its numbers back."""
    given, kept, newest, pruned = sql.one(
        "SELECT (SELECT seq FROM log_end), (SELECT count(*) FROM changes), (SELECT max(seq) FROM changes),"
        " (SELECT pruned_changes FROM retention)"
    )
    missing = given - kept - pruned
    if missing or (newest or 0) > given:
        yield Finding(
            check="sequence",
            severity="problem",
            message=f"the change log has gaps: {abs(missing)} of {given} lines are not there",
            advice=_REPORT,
        )
