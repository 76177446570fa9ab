"""What hubs tell, in SQLite."""

import sqlite3
from datetime import datetime, timedelta

from aggregator.model import Feed, FeedId
from aggregator.store.contract import StaleClaimError
from aggregator.store.plan import Applied
from aggregator.store.sqlite.feed_rows import FEED_COLUMNS, read_feed
from aggregator.store.sqlite.values import moment_or_none, seconds_or_none, stamp


class SqlitePushes:
    """The ``Pushes`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def ping(self, feed: FeedId, now: datetime, shortest: timedelta) -> None:
        """See ``Pushes.ping``."""
        polled, retry_after = map(
            moment_or_none,
            self._sql.execute("SELECT last_poll_at, retry_after_at FROM feeds WHERE id=?", (feed,)).fetchone(),
        )
        due = max(filter(None, (now, polled and polled + shortest, retry_after)))
        self._sql.execute(
            "UPDATE feeds SET asked_at=?, next_poll_at=min(next_poll_at, ?) WHERE id=?", (stamp(now), stamp(due), feed)
        )

    def claim(self, feed: FeedId, now: datetime, *, token: str, lease_until: datetime) -> Feed | None:
        """See ``Pushes.claim``."""
        row = self._sql.execute(
            f"SELECT {FEED_COLUMNS} FROM feeds f WHERE f.id=? AND f.active"  # noqa: S608 - constants only
            " AND (f.claimed_until IS NULL OR f.claimed_until<=?)",
            (feed, stamp(now)),
        ).fetchone()
        if row is None:
            return None
        self._sql.execute(
            "UPDATE feeds SET poll_token=?, claimed_until=? WHERE id=?", (token, stamp(lease_until), feed)
        )
        return read_feed(row, token)

    def finish(self, feed: Feed, applied: Applied, *, wire_bytes: int, started: datetime, now: datetime) -> None:
        """See ``Pushes.finish``."""
        done = self._sql.execute(
            "UPDATE feeds SET poll_token=NULL, claimed_until=NULL WHERE id=? AND poll_token=?",
            (feed.id, feed.poll_token),
        )
        if done.rowcount != 1:
            raise StaleClaimError(feed.url)
        self._sql.execute(
            "INSERT INTO polls (feed_id, started_at, finished_at, result, wire_bytes, new, updated, delay_seconds)"
            " VALUES (?, ?, ?, 'push', ?, ?, ?, ?)",
            (
                feed.id,
                stamp(started),
                stamp(now),
                wire_bytes,
                applied.new,
                applied.updated,
                seconds_or_none(applied.delay),
            ),
        )
