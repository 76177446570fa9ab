"""After an outage of our own network, in PostgreSQL."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from aggregator.model import Feed, FeedId, Overdue
from aggregator.store.postgres.connection import Sql
from aggregator.store.sqlite.history import history_text

_OVERDUE = """
WITH late AS (
    SELECT id, last_ok_at, digested_at FROM feeds
    WHERE active AND next_poll_at <= %(now)s AND (claimed_until IS NULL OR claimed_until <= %(now)s)
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


class PostgresRecovery:
    """The ``Recovery`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def forgive(self, feeds: Iterable[Feed]) -> None:
        """See ``Recovery.forgive``."""
        self._sql.many(
            "UPDATE feeds SET failures=%s, last_poll_at=%s, next_poll_at=%s, retry_after_at=%s, history=%s,"
            " reason=CASE WHEN state=%s THEN %s ELSE reason END"
            " WHERE id=%s AND claimed_until IS NULL",
            [
                (
                    feed.failures,
                    feed.last_poll_at,
                    feed.next_poll_at,
                    feed.retry_after_at,
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
        rows = self._sql.execute(_OVERDUE, {"now": now}).fetchall()
        return [Overdue(id=FeedId(ident), last_ok_at=ok, median_published=median) for ident, ok, median in rows]

    def reschedule(self, due: Mapping[FeedId, datetime]) -> None:
        """See ``Recovery.reschedule``."""
        self._sql.many(
            "UPDATE feeds SET next_poll_at=%s WHERE id=%s", [(moment, ident) for ident, moment in due.items()]
        )
