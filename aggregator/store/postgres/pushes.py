"""What hubs tell, in PostgreSQL."""

from datetime import datetime, timedelta

from aggregator.model import Feed, FeedId
from aggregator.store.contract import StaleClaimError
from aggregator.store.plan import Applied
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.feed_rows import FEED_COLUMNS, read_feed
from aggregator.store.sqlite.values import seconds_or_none


class PostgresPushes:
    """The ``Pushes`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def ping(self, feed: FeedId, now: datetime, shortest: timedelta) -> None:
        """See ``Pushes.ping``."""
        self._sql.execute(
            "UPDATE feeds SET asked_at=%(now)s, next_poll_at="
            "least(next_poll_at, greatest(%(now)s, last_poll_at+%(shortest)s, retry_after_at)) WHERE id=%(feed)s",
            {"now": now, "shortest": shortest, "feed": feed},
        )

    def claim(self, feed: FeedId, now: datetime, *, token: str, lease_until: datetime) -> Feed | None:
        """See ``Pushes.claim``."""
        row = self._sql.execute(
            f"SELECT {FEED_COLUMNS} FROM feeds f WHERE f.id=%s AND f.active"
            " AND (f.claimed_until IS NULL OR f.claimed_until<=%s) FOR NO KEY UPDATE OF f SKIP LOCKED",
            (feed, now),
        ).fetchone()
        if row is None:
            return None
        self._sql.execute("UPDATE feeds SET poll_token=%s, claimed_until=%s WHERE id=%s", (token, lease_until, feed))
        return read_feed(row, token)

    def finish(self, feed: Feed, applied: Applied, *, wire_bytes: int, started: datetime, now: datetime) -> None:
        """See ``Pushes.finish``."""
        done = self._sql.execute(
            "UPDATE feeds SET poll_token=NULL, claimed_until=NULL WHERE id=%s AND poll_token=%s",
            (feed.id, feed.poll_token),
        )
        if done.rowcount != 1:
            raise StaleClaimError(feed.url)
        self._sql.execute(
            "INSERT INTO polls (feed_id, started_at, finished_at, result, wire_bytes, new, updated, delay_seconds)"
            " VALUES (%s, %s, %s, 'push', %s, %s, %s, %s)",
            (feed.id, started, now, wire_bytes, applied.new, applied.updated, seconds_or_none(applied.delay)),
        )
