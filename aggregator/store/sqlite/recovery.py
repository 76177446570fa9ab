"""After an outage of our own network, in SQLite."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from aggregator.model import Feed, FeedId, Overdue
from aggregator.store.sqlite.history import history_text
from aggregator.store.sqlite.values import moment_or_none, stamp, stamp_or_none

_OVERDUE = """
WITH late AS (
    SELECT id, last_ok_at, digested_at FROM feeds INDEXED BY feeds_due
    WHERE active AND next_poll_at <= :now AND (claimed_until IS NULL OR claimed_until <= :now)
),
dated AS (
    SELECT l.id, r.published_at, count(*) OVER (PARTITION BY l.id) AS entries,
        row_number() OVER (PARTITION BY l.id ORDER BY r.published_at) AS place
    FROM late l JOIN sightings s ON s.feed_id = l.id AND s.last_seen >= l.digested_at
    JOIN records r ON r.id = s.record_id WHERE r.published_at IS NOT NULL
)
SELECT l.id, l.last_ok_at, d.published_at FROM late l
LEFT JOIN dated d ON d.id = l.id AND d.place = (d.entries + 1) / 2
"""


class SqliteRecovery:
    """The ``Recovery`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def forgive(self, feeds: Iterable[Feed]) -> None:
        """See ``Recovery.forgive``."""
        self._sql.executemany(
            "UPDATE feeds SET failures=?, last_poll_at=?, next_poll_at=?, retry_after_at=?, history=?,"
            " reason=CASE WHEN state=? THEN ? ELSE reason END"
            " WHERE id=? AND claimed_until IS NULL",
            [
                (
                    feed.failures,
                    stamp_or_none(feed.last_poll_at),
                    stamp(feed.next_poll_at),
                    stamp_or_none(feed.retry_after_at),
                    history_text(feed),
                    feed.state,
                    feed.reason,
                    feed.id,
                )
                for feed in feeds
            ],
        )

    def overdue(self, now: datetime) -> list[Overdue]:
        """See ``Recovery.overdue``."""
        rows = self._sql.execute(_OVERDUE, {"now": stamp(now)}).fetchall()
        return [
            Overdue(id=FeedId(ident), last_ok_at=moment_or_none(ok), median_published=moment_or_none(median))
            for ident, ok, median in rows
        ]

    def reschedule(self, due: Mapping[FeedId, datetime]) -> None:
        """See ``Recovery.reschedule``."""
        self._sql.executemany(
            "UPDATE feeds SET next_poll_at=? WHERE id=?", [(stamp(moment), ident) for ident, moment in due.items()]
        )
