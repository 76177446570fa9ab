"""The schedule seen from above, in PostgreSQL."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aggregator.model import Bounds, Feed, FeedId, PastPoll, Seq
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.feed_rows import FEED_COLUMNS, read_feed
from aggregator.store.sqlite.history import read_history
from aggregator.store.sqlite.values import names
from aggregator.store.timing import Standing, TagWait

# A record is written no later than it is updated: that column has an index.
_WAITS = """
SELECT f.tags, count(*), sum(greatest(0, extract(epoch FROM r.first_seen_at-r.published_at)))::float8
FROM records r JOIN feeds f ON f.id=r.feed_id
WHERE r.updated_at>=%(since)s AND r.published_at>=%(since)s AND f.tags::text<>'[]'
    AND EXISTS (SELECT 1 FROM polls p WHERE p.feed_id=r.feed_id AND p.finished_at<r.published_at)
GROUP BY f.id
"""
_STANDING = """
SELECT count(*), min(f.next_poll_at) FROM feeds f JOIN origins o ON o.origin=f.origin
WHERE f.active AND f.state<>'gone' AND f.next_poll_at<=%(now)s AND coalesce(f.retry_after_at<=%(now)s, true)
    AND coalesce(f.claimed_until<=%(now)s, true) AND coalesce(o.next_allowed_at<=%(now)s, true)
"""


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

    def next_due(self) -> datetime | None:
        """See ``Schedule.next_due``."""
        (due,) = self._sql.one("SELECT min(next_poll_at) FROM feeds WHERE active")
        return due if isinstance(due, datetime) else None

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

    def standing(self, now: datetime) -> Standing:
        """See ``Schedule.standing``."""
        due, oldest = self._sql.one(_STANDING, {"now": now})
        states = self._sql.execute("SELECT state, count(*) FROM feeds WHERE active GROUP BY state").fetchall()
        (last,) = self._sql.one("SELECT coalesce(max(seq), 0) FROM changes")
        return Standing(feeds=dict(states), due=due, oldest=oldest, seq=Seq(last))

    def asked(self, since: datetime) -> int:
        """See ``Schedule.asked``."""
        return int(self._sql.one("SELECT count(*) FROM polls WHERE finished_at>=%s AND result<>'push'", (since,))[0])

    def price(self) -> float | None:
        """See ``Schedule.price``."""
        rows = self._sql.execute(
            "SELECT f.history FROM polls p JOIN feeds f ON f.id=p.feed_id ORDER BY p.id DESC LIMIT 20"
        )
        prices = (read_history(text).rhythm.price for (text,) in rows)
        return next((price for price in prices if price is not None), None)

    def waits(self, since: datetime) -> list[TagWait]:
        """See ``Schedule.waits``."""
        found: dict[str, tuple[int, float]] = {}
        for tags, entries, seconds in self._sql.execute(_WAITS, {"since": since}):
            for tag in names(tags):
                before = found.get(tag, (0, 0.0))
                found[tag] = before[0] + entries, before[1] + seconds
        return [
            TagWait(tag=tag, entries=entries, mean=timedelta(seconds=seconds / entries))
            for tag, (entries, seconds) in sorted(found.items())
        ]


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
