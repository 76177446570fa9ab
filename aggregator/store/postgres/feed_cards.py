"""How feeds are doing, as their pages show it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from aggregator.model import FeedConfig, FeedId
from aggregator.settings.values import shown
from aggregator.store.browsing import Day, FeedCard, FeedCounts, Source
from aggregator.store.postgres.connection import Sql
from aggregator.store.sqlite.feed_cards import FAILING, source_name
from aggregator.store.sqlite.history import read_history
from aggregator.store.sqlite.values import names

_CARDS = """
SELECT f.id, f.position, f.url, f.name, f.title, f.state, f.reason, f.active, f.last_poll_at, f.last_ok_at,
    greatest(f.next_poll_at, f.retry_after_at, o.next_allowed_at), f.history,
    coalesce((SELECT records FROM labels WHERE kind='source' AND label=CAST(f.id AS text)), 0)
FROM feeds f JOIN origins o ON o.origin=f.origin
"""
_DAYS = (
    "SELECT finished_at::date, sum(new)::bigint,"
    " sum(new*delay_seconds)/nullif(sum(new) FILTER (WHERE delay_seconds IS NOT NULL), 0) FROM polls"
    " WHERE feed_id=%(feed)s AND finished_at>=%(since)s AND"
    # What the first poll found is a feed's past; of a past no delay is known.
    " NOT (delay_seconds IS NULL AND finished_at="
    "(SELECT finished_at FROM polls WHERE feed_id=%(feed)s AND new>0 ORDER BY finished_at LIMIT 1))"
    " GROUP BY 1 HAVING sum(new)>0 ORDER BY 1"
)
_NEVER_AGAIN = frozenset({"gone", "disabled"})


class FeedCards:
    """Reads them."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def page(self, after: int, limit: int, since: datetime, *, failing: bool) -> Sequence[FeedCard]:
        """See ``Browsing.feeds``."""
        only = f" AND {FAILING}" if failing else ""
        rows = self._sql.execute(
            f"{_CARDS} WHERE f.position>%s{only} ORDER BY f.position LIMIT %s", (after, limit)
        ).fetchall()
        return [self._card(row, since) for row in rows]

    def counts(self) -> FeedCounts:
        """See ``Browsing.feed_counts``."""
        sql = f"SELECT count(*), count(*) FILTER (WHERE {FAILING}) FROM feeds f WHERE f.position IS NOT NULL"
        every, failing = self._sql.execute(sql).fetchall()[0]
        return FeedCounts(all=every, failing=failing)

    def one(self, feed: FeedId, since: datetime) -> FeedCard | None:
        """See ``Browsing.feed``."""
        row = self._sql.execute(f"{_CARDS} WHERE f.id=%s", (feed,)).fetchone()
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
            last_poll_at=polled,
            last_ok_at=succeeded,
            next_poll_at=due if polls_on else None,
            records=records,
            days=self._days(ident, since),
        )

    def _days(self, feed: int, since: datetime) -> tuple[Day, ...]:
        rows = self._sql.execute(_DAYS, {"feed": feed, "since": since}).fetchall()
        return tuple(
            Day(day=day, new=new, delay=None if delay is None else timedelta(seconds=delay)) for day, new, delay in rows
        )
