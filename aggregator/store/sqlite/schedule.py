"""The schedule seen from above, in SQLite."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aggregator.model import Bounds, Feed, FeedId, PastPoll, Seq
from aggregator.store.sqlite.feed_rows import FEED_COLUMNS, read_feed
from aggregator.store.sqlite.history import read_history
from aggregator.store.sqlite.values import moment, moment_or_none, names, stamp, stamp_or_none
from aggregator.store.timing import Standing, TagWait

# A record is written no later than it is updated: that column has an index.
_WAITS = """
SELECT f.tags, count(*), sum(max(0, unixepoch(r.first_seen_at) - unixepoch(r.published_at)))
FROM records r JOIN feeds f ON f.id=r.feed_id
WHERE r.updated_at>=? AND r.published_at>=? AND f.tags!='[]'
    AND EXISTS (SELECT 1 FROM polls p WHERE p.feed_id=r.feed_id AND p.finished_at<r.published_at)
GROUP BY f.id
"""

_DELAYS = """
SELECT f.url, sum(p.new*p.delay_seconds)/sum(p.new) FROM feeds f JOIN polls p INDEXED BY polls_feed ON p.feed_id=f.id
WHERE f.position IS NOT NULL AND p.finished_at>=? AND p.new>0 AND p.delay_seconds IS NOT NULL GROUP BY f.id
"""


class SqliteSchedule:
    """The ``Schedule`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def find(self, url: str) -> Feed | None:
        """See ``Schedule.find``."""
        row = self._sql.execute(
            f"SELECT {FEED_COLUMNS}, o.next_allowed_at FROM feeds f JOIN origins o ON o.origin=f.origin"  # noqa: S608
            " WHERE f.url=? AND f.active AND f.position IS NOT NULL",
            (url,),
        ).fetchone()
        if row is None:
            return None
        feed, paused = read_feed(row[:-1], None), moment_or_none(row[-1])
        waits = [until for until in (feed.retry_after_at, paused) if until is not None]
        return replace(feed, retry_after_at=max(waits, default=None))

    def next_due(self) -> datetime | None:
        """See ``Schedule.next_due``."""
        (due,) = self._sql.execute("SELECT min(next_poll_at) FROM feeds WHERE active").fetchone()
        return moment_or_none(due)

    def twin(self, feed: Feed, url: str) -> str | None:
        """See ``Schedule.twin``."""
        row = self._sql.execute(
            "SELECT url FROM feeds WHERE active AND id!=? AND (url=? OR fetch_url=?) ORDER BY id LIMIT 1",
            (feed.id, url, url),
        ).fetchone()
        return None if row is None else str(row[0])

    def mend(self, mended: Callable[[Iterable[Feed]], Iterable[Feed]]) -> None:
        """See ``Schedule.mend``."""
        rows = self._sql.execute(f"SELECT {FEED_COLUMNS} FROM feeds f WHERE f.active").fetchall()  # noqa: S608
        self._sql.executemany(
            "UPDATE feeds SET last_poll_at=?, next_poll_at=?, retry_after_at=? WHERE id=?",
            [
                (
                    stamp_or_none(feed.last_poll_at),
                    stamp(feed.next_poll_at),
                    stamp_or_none(feed.retry_after_at),
                    feed.id,
                )
                for feed in mended(read_feed(row, None) for row in rows)
            ],
        )

    def polls(self, since: datetime) -> Iterator[PastPoll]:
        """See ``Schedule.polls``."""
        rows = self._sql.execute(
            "SELECT f.origin, p.feed_id, p.started_at, p.status, p.wire_bytes, p.asked, p.floor_at, p.hint_at, p.hint"
            " FROM polls p JOIN feeds f ON f.id=p.feed_id WHERE p.finished_at>=? AND p.result!='push'"
            " ORDER BY p.id",
            (stamp(since),),
        )
        return (_past_poll(row) for row in rows.fetchall())

    def delays(self, since: datetime) -> Mapping[str, timedelta]:
        """See ``Schedule.delays``."""
        rows = self._sql.execute(_DELAYS, (stamp(since),)).fetchall()
        return {url: timedelta(seconds=seconds) for url, seconds in rows}

    def standing(self, now: datetime) -> Standing:
        """See ``Schedule.standing``."""
        due, oldest = self._sql.execute(
            "SELECT COUNT(*), MIN(f.next_poll_at) FROM feeds f JOIN origins o ON o.origin=f.origin"
            " WHERE f.active AND f.state!='gone' AND f.next_poll_at<=:now AND coalesce(f.retry_after_at, '')<=:now"
            " AND coalesce(f.claimed_until, '')<=:now AND coalesce(o.next_allowed_at, '')<=:now",
            {"now": stamp(now)},
        ).fetchone()
        states = self._sql.execute("SELECT state, COUNT(*) FROM feeds WHERE active GROUP BY state").fetchall()
        (last,) = self._sql.execute("SELECT COALESCE(MAX(seq), 0) FROM changes").fetchone()
        return Standing(feeds=dict(states), due=due, oldest=moment_or_none(oldest), seq=Seq(last))

    def asked(self, since: datetime) -> int:
        """See ``Schedule.asked``."""
        counted = "SELECT count(*) FROM polls WHERE finished_at>=? AND result!='push'"
        return int(self._sql.execute(counted, (stamp(since),)).fetchone()[0])

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
        for tags, entries, seconds in self._sql.execute(_WAITS, (stamp(since), stamp(since))):
            for tag in names(tags):
                before = found.get(tag, (0, 0.0))
                found[tag] = before[0] + entries, before[1] + seconds
        return [
            TagWait(tag=tag, entries=entries, mean=timedelta(seconds=seconds / entries))
            for tag, (entries, seconds) in sorted(found.items())
        ]


def _past_poll(row: Sequence[Any]) -> PastPoll:
    host, feed, started, status, wire_bytes, asked, floor_at, hint_at, hint = row
    bounds = floor_at and Bounds(floor_at=moment(floor_at), hint_at=moment_or_none(hint_at), hint=hint)
    return PastPoll(
        origin=host,
        feed=FeedId(feed),
        started_at=moment(started),
        status=status,
        wire_bytes=wire_bytes,
        asked=bool(asked),
        bounds=bounds,
    )
