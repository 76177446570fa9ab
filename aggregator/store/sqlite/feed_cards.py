"""How feeds are doing, as their pages show it."""

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from aggregator.model import FeedConfig, FeedId
from aggregator.settings.values import shown
from aggregator.store.browsing import Day, FeedCard, FeedCounts, Source
from aggregator.store.sqlite.history import read_history
from aggregator.store.sqlite.values import moment, moment_or_none, names, stamp

SOURCE_COLUMNS = "f.id, f.name, f.title, f.url"
FAILING = "f.active AND f.state IN ('failing', 'gone', 'not-a-feed', 'slow-down')"

_CARDS = """
SELECT f.id, f.position, f.url, f.name, f.title, f.state, f.reason, f.active, f.last_poll_at, f.last_ok_at,
    max(f.next_poll_at, coalesce(f.retry_after_at, ''), coalesce(o.next_allowed_at, '')), f.history,
    coalesce((SELECT records FROM labels WHERE kind='source' AND label=CAST(f.id AS TEXT)), 0)
FROM feeds f JOIN origins o ON o.origin=f.origin
"""
_DAYS = (
    "SELECT substr(finished_at, 1, 10), sum(new), sum(new*delay_seconds)/sum(iif(delay_seconds IS NULL, 0, new))"
    " FROM polls INDEXED BY polls_feed WHERE feed_id=:feed AND finished_at>=:since AND"
    # What the first poll found is a feed's past; of a past no delay is known.
    " NOT (delay_seconds IS NULL AND finished_at="
    "(SELECT finished_at FROM polls WHERE feed_id=:feed AND new>0 ORDER BY finished_at LIMIT 1))"
    " GROUP BY 1 HAVING sum(new)>0"
)
_NEVER_AGAIN = frozenset({"gone", "disabled"})


class FeedCards:
    """Reads them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def page(self, after: int, limit: int, since: datetime, *, failing: bool) -> Sequence[FeedCard]:
        """See ``Browsing.feeds``."""
        only = f" AND {FAILING}" if failing else ""
        rows = self._sql.execute(
            f"{_CARDS} WHERE f.position>?{only} ORDER BY f.position LIMIT ?", (after, limit)
        ).fetchall()
        return [self._card(row, since) for row in rows]

    def counts(self) -> FeedCounts:
        """See ``Browsing.feed_counts``."""
        sql = f"SELECT count(*), count(*) FILTER (WHERE {FAILING}) FROM feeds f WHERE f.position IS NOT NULL"  # noqa: S608 - constants only
        every, failing = self._sql.execute(sql).fetchall()[0]
        return FeedCounts(all=every, failing=failing)

    def one(self, feed: FeedId, since: datetime) -> FeedCard | None:
        """See ``Browsing.feed``."""
        row = self._sql.execute(f"{_CARDS} WHERE f.id=?", (feed,)).fetchone()
        return None if row is None else self._card(row, since)

    def all(self) -> Sequence[FeedConfig]:
        """See ``Browsing.subscriptions``."""
        rows = self._sql.execute(
            "SELECT url, coalesce(name, title), tags, interval_seconds, active FROM feeds"
            " WHERE position IS NOT NULL ORDER BY position"
        ).fetchall()
        return [
            FeedConfig(
                url=url,
                name=name,
                tags=names(tags),
                interval=None if seconds is None else timedelta(seconds=seconds),
                enabled=bool(active),
            )
            for url, name, tags, seconds, active in rows
        ]

    def _card(self, row: Sequence[Any], since: datetime) -> FeedCard:
        ident, position, url, name, title, state, reason, active, polled, succeeded, due, history, records = row
        rhythm = read_history(history).rhythm
        polls_on = active and state not in _NEVER_AGAIN
        return FeedCard(
            source=Source(id=FeedId(ident), name=source_name(name, title, url)),
            position=-1 if position is None else position,
            url=shown(url),
            site=urlsplit(url).hostname or "",
            state=state if active else "disabled",
            reason=reason and shown(reason),
            active=bool(active),
            gap=rhythm.gap,
            newest_at=rhythm.newest_at,
            habit=rhythm.habit,
            last_poll_at=moment_or_none(polled),
            last_ok_at=moment_or_none(succeeded),
            next_poll_at=moment(due) if polls_on else None,
            records=records,
            days=self._days(ident, since),
        )

    def _days(self, feed: int, since: datetime) -> tuple[Day, ...]:
        rows = self._sql.execute(_DAYS, {"feed": feed, "since": stamp(since)}).fetchall()
        return tuple(
            Day(day=date.fromisoformat(day), new=new, delay=None if delay is None else timedelta(seconds=delay))
            for day, new, delay in rows
        )


def source_name(name: str | None, title: str | None, url: str) -> str:
    """Return what the operator calls a feed, else what it calls itself, else where it is, without credentials."""
    return name or title or shown(url).partition("://")[2].removeprefix("***@")


def read_source(row: Sequence[Any]) -> Source:
    """Return the feed in a row of SOURCE_COLUMNS: what the operator calls it, else what it does, else where it is."""
    ident, name, title, url = row
    return Source(id=FeedId(ident), name=source_name(name, title, url))
