"""The schedule seen from above, in PostgreSQL."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aggregator.model import Bounds, Feed, FeedId, PastPoll
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.feed_rows import FEED_COLUMNS, read_feed


class PostgresSchedule:
    """The ``Schedule`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def find(self, url: str) -> Feed | None:
        """See ``Schedule.find``."""
        row = self._sql.execute(
            f"SELECT {FEED_COLUMNS}, o.next_allowed_at FROM feeds f JOIN origins o ON o.origin=f.origin"
            " WHERE f.url=%s AND f.active AND f.position IS NOT NULL",
            (url,),
        ).fetchone()
        if row is None:
            return None
        feed, paused = read_feed(row[:-1], None), row[-1]
        waits = [until for until in (feed.retry_after_at, paused) if until is not None]
        return replace(feed, retry_after_at=max(waits, default=None))

    def twin(self, feed: Feed, url: str) -> str | None:
        """See ``Schedule.twin``."""
        row = self._sql.execute(
            "SELECT url FROM feeds WHERE active AND id!=%s AND (url=%s OR fetch_url=%s) ORDER BY id LIMIT 1",
            (feed.id, url, url),
        ).fetchone()
        return None if row is None else str(row[0])

    def mend(self, mended: Callable[[Iterable[Feed]], Iterable[Feed]]) -> None:
        """See ``Schedule.mend``."""
        rows = self._sql.execute(f"SELECT {FEED_COLUMNS} FROM feeds f WHERE f.active").fetchall()
        self._sql.many(
            "UPDATE feeds SET last_poll_at=%s, next_poll_at=%s, retry_after_at=%s WHERE id=%s",
            [
                (
                    feed.last_poll_at,
                    feed.next_poll_at,
                    feed.retry_after_at,
                    feed.id,
                )
                for feed in mended(read_feed(row, None) for row in rows)
            ],
        )

    def polls(self, since: datetime) -> Iterator[PastPoll]:
        """See ``Schedule.polls``."""
        rows = self._sql.execute(
            "SELECT f.origin, p.feed_id, p.started_at, p.status, p.wire_bytes, p.asked, p.floor_at, p.hint_at, p.hint"
            " FROM polls p JOIN feeds f ON f.id=p.feed_id WHERE p.finished_at>=%s AND p.result!='push'"
            " ORDER BY p.id",
            (since,),
        )
        return (_past_poll(row) for row in rows.fetchall())


def _past_poll(row: Sequence[Any]) -> PastPoll:
    host, feed, started, status, wire_bytes, asked, floor_at, hint_at, hint = row
    bounds = floor_at and Bounds(floor_at=floor_at, hint_at=hint_at, hint=hint)
    return PastPoll(
        origin=host,
        feed=FeedId(feed),
        started_at=started,
        status=status,
        wire_bytes=wire_bytes,
        asked=bool(asked),
        bounds=bounds,
    )
