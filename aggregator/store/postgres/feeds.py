"""Subscriptions and the schedule in PostgreSQL."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from aggregator.model import Bounds, Feed, FeedConfig, FeedId, KnownFeed, PollOutcome
from aggregator.store.contract import Asked, FeedStatus, StaleClaimError
from aggregator.store.plan import Applied
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.feed_rows import (
    FEED_COLUMNS,
    STATUS_COLUMNS,
    read_feed,
    read_status,
    state_columns,
)
from aggregator.store.postgres.syncing import sync
from aggregator.store.sqlite.feed_rows import KNOWN_COLUMNS, read_known
from aggregator.store.sqlite.values import seconds_or_none
from aggregator.url.origin import host_origin

_LONGEST_WAIT = timedelta(hours=25)  # Retry-After is capped at 24 h (ST-03), and jitter adds to it

_DUE = """
WITH busy AS (
    SELECT origin, count(*) AS polls FROM feeds WHERE claimed_until > %(now)s GROUP BY origin
),
due AS (
    SELECT f.id, f.next_poll_at, CASE WHEN o.delay_seconds IS NULL THEN %(per_origin)s ELSE 1 END AS places,
        coalesce(b.polls, 0) + row_number() OVER (PARTITION BY f.origin ORDER BY f.next_poll_at, f.id) AS place
    FROM feeds f JOIN origins o ON o.origin = f.origin LEFT JOIN busy b ON b.origin = f.origin
    WHERE f.active AND f.next_poll_at <= %(now)s AND (f.claimed_until IS NULL OR f.claimed_until <= %(now)s)
        AND (o.next_allowed_at IS NULL OR o.next_allowed_at <= %(now)s OR o.next_allowed_at > %(longest_wait)s)
        AND (NOT %(asked_only)s OR f.asked_at IS NOT NULL){among}
)
SELECT {columns} FROM due JOIN feeds f ON f.id = due.id
WHERE place <= places ORDER BY due.next_poll_at, f.id LIMIT %(limit)s
"""
_AMONG = " AND f.id=ANY(%(ids)s) AND f.origin=ANY(%(origins)s)"
# The oldest few of each bucket whose origins may be asked: what a claim costs does not grow with what is overdue.
_DUE_WITHIN = f"""
WITH due AS MATERIALIZED (
    SELECT id, next_poll_at FROM (
        SELECT d.id, d.next_poll_at, d.free,
            row_number() OVER (PARTITION BY d.origin ORDER BY d.next_poll_at, d.id) AS place
        FROM unnest(%(buckets)s::int[]) AS held(bucket) CROSS JOIN LATERAL (
            SELECT f.id, f.origin, f.next_poll_at, room.free
            FROM feeds f JOIN origins o ON o.origin = f.origin CROSS JOIN LATERAL (
                SELECT CASE WHEN o.delay_seconds IS NULL THEN %(per_origin)s ELSE 1 END - count(*) AS free
                FROM feeds c WHERE c.origin = f.origin AND c.claimed_until > %(now)s
            ) AS room
            WHERE f.bucket = held.bucket AND f.active AND f.next_poll_at <= %(now)s
                AND (f.claimed_until IS NULL OR f.claimed_until <= %(now)s) AND room.free > 0
                AND (o.next_allowed_at IS NULL OR o.next_allowed_at <= %(now)s OR o.next_allowed_at > %(longest_wait)s)
            ORDER BY f.next_poll_at LIMIT %(each)s
        ) AS d
    ) AS placed
    WHERE place <= free ORDER BY next_poll_at, id LIMIT %(limit)s
)
SELECT {FEED_COLUMNS} FROM due JOIN feeds f ON f.id = due.id ORDER BY due.next_poll_at, f.id
"""
_PLENTY = 2  # times the limit that are looked at, of all buckets together
_FREE = "SELECT origin FROM origins WHERE origin=ANY(%s) ORDER BY origin FOR NO KEY UPDATE SKIP LOCKED"
_STOPPED = frozenset({"gone", "disabled"})


class PostgresFeeds:
    """The ``Feeds`` role."""

    def __init__(self, connection: Sql, settle: Callable[[], None]) -> None:
        self._sql = connection
        self._settle = settle  # before what plans write is read

    def sync(
        self, feeds: Sequence[FeedConfig], now: datetime, *, origin_of: Callable[[str, str | None], str] = host_origin
    ) -> None:
        """See ``Feeds.sync``."""
        sync(self._sql, list(enumerate(feeds)), now, origin_of, only=True)

    def include(
        self, feed: FeedConfig, now: datetime, *, origin_of: Callable[[str, str | None], str] = host_origin
    ) -> None:
        """See ``Feeds.include``."""
        (position,) = self._sql.one("SELECT coalesce(max(position), -1)+1 FROM feeds")
        sync(self._sql, [(position, feed)], now, origin_of, only=False)

    def known(self) -> list[KnownFeed]:
        """See ``Feeds.known``."""
        rows = self._sql.execute(f"SELECT {KNOWN_COLUMNS} FROM feeds ORDER BY position IS NULL, position, id")
        return [read_known(row) for row in rows.fetchall()]

    def move(self, url: str, to: str, now: datetime) -> None:
        """See ``Feeds.move``."""
        self._sql.execute(
            "UPDATE feeds SET url=%(to)s, fetch_url=%(to)s, poll_token=NULL, claimed_until=NULL,"
            " next_poll_at=CASE WHEN fetch_url=%(to)s THEN next_poll_at ELSE %(now)s END,"
            " retry_after_at=CASE WHEN fetch_url=%(to)s THEN retry_after_at END,"
            " address=CASE WHEN fetch_url=%(to)s THEN address END WHERE url=%(url)s",
            {"url": url, "to": to, "now": now},
        )

    def claim_due(
        self, now: datetime, *, limit: int, per_origin: int, token: str, lease_until: datetime, asked_only: bool = False
    ) -> list[Feed]:
        """See ``Feeds.claim_due``."""
        values = {
            "now": now,
            "longest_wait": longest_wait(now),
            "limit": limit,
            "per_origin": per_origin,
            "asked_only": asked_only,
        }
        found = self._sql.execute(_DUE.format(columns="f.id, f.origin", among=""), values).fetchall()
        # Of one origin one process claims at a time; what it claimed is seen by the next, who leaves it for now.
        free = self._sql.execute(_FREE, (sorted({origin for _, origin in found}),)).fetchall()
        among = {"ids": [ident for ident, _ in found], "origins": [origin for (origin,) in free]}
        rows = self._sql.execute(_DUE.format(columns=FEED_COLUMNS, among=_AMONG), {**values, **among}).fetchall()
        return _claimed(self._sql, rows, token, lease_until)

    def release_claims(self) -> None:
        """See ``Feeds.release_claims``."""
        self._sql.execute("UPDATE feeds SET poll_token=NULL, claimed_until=NULL WHERE claimed_until IS NOT NULL")

    def give_back(self, feed: Feed, due: datetime) -> None:
        """See ``Feeds.give_back``."""
        self._sql.execute(
            "UPDATE feeds SET next_poll_at=%s, poll_token=NULL, claimed_until=NULL WHERE id=%s AND poll_token=%s",
            (due, feed.id, feed.poll_token),
        )

    def ask(self, urls: Iterable[str] | None, now: datetime, *, recent: datetime, stopped: bool = False) -> Asked:
        """See ``Feeds.ask``."""
        wanted = None if urls is None else set(urls)
        rows = self._sql.execute(
            "SELECT f.id, f.url, f.state, f.reason, f.last_poll_at,"
            " greatest(f.retry_after_at, o.next_allowed_at)"
            " FROM feeds f JOIN origins o ON o.origin=f.origin WHERE f.active ORDER BY f.position"
        ).fetchall()
        asked, skipped = [], []
        for ident, url, *rest in rows:
            if wanted is not None and url not in wanted:
                continue
            objection = _objection(*rest, now=now, recent=recent, stopped=stopped)
            if objection is None:
                asked.append(FeedId(ident))
            else:
                skipped.append((url, objection))
        self._sql.many(
            "UPDATE feeds SET asked_at=%s, next_poll_at=least(next_poll_at, %s) WHERE id=%s",
            [(now, now, ident) for ident in asked],
        )
        return Asked(feeds=tuple(asked), skipped=tuple(skipped))

    def unask(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """See ``Feeds.unask``."""
        rows = self._sql.execute(
            "SELECT f.url, o.next_allowed_at FROM feeds f JOIN origins o ON o.origin=f.origin"
            " WHERE f.asked_at IS NOT NULL AND f.active AND o.next_allowed_at > %s ORDER BY f.position",
            (now,),
        ).fetchall()
        self._sql.execute("UPDATE feeds SET asked_at=NULL WHERE asked_at IS NOT NULL")
        return tuple((url, f"its server asked us to wait until {until:%Y-%m-%d %H:%M:%S} UTC") for url, until in rows)

    def urls(self, feeds: Sequence[FeedId]) -> list[str]:
        """See ``Feeds.urls``."""
        rows = self._sql.execute("SELECT url FROM feeds WHERE active AND id=ANY(%s)", (list(feeds),))
        return [url for (url,) in rows.fetchall()]

    def window(self, feed: Feed) -> Mapping[bytes, bytes]:
        """See ``Feeds.window``."""
        if feed.digested_at is None:
            return {}
        self._settle()
        rows = self._sql.execute(
            "SELECT guid_hash, entry_hash FROM sightings WHERE feed_id=%(feed)s AND last_seen>=%(at)s UNION ALL"
            " SELECT guid_hash, entry_hash FROM tombstones WHERE feed_id=%(feed)s AND last_seen>=%(at)s",
            {"feed": feed.id, "at": feed.digested_at},
        ).fetchall()
        return dict(rows)

    def finish(self, outcome: PollOutcome, applied: Applied) -> None:
        """See ``Feeds.finish``."""
        feed = outcome.feed
        columns = state_columns(feed)
        assignments = ", ".join(f"{name}=%({name})s" for name in columns)
        with self._sql.pipeline():
            self._sql.execute("INSERT INTO origins (origin) VALUES (%s) ON CONFLICT DO NOTHING", (feed.origin,))
            done = self._sql.execute(
                f"UPDATE feeds SET {assignments}, poll_token=NULL, claimed_until=NULL, asked_at=NULL"
                " WHERE id=%(id)s AND poll_token=%(token)s",
                {**columns, "id": feed.id, "token": feed.poll_token},
            )
            if outcome.origin_retry_at is not None:
                self._sql.execute(
                    "UPDATE origins SET next_allowed_at=greatest(next_allowed_at, %s) WHERE origin=%s",
                    (outcome.origin_retry_at, feed.origin),
                )
            self._sql.execute(
                "INSERT INTO polls (feed_id, started_at, finished_at, result, status, reason, wire_bytes, new, updated,"
                " delay_seconds, asked, floor_at, hint_at, hint)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (
                    feed.id,
                    outcome.started_at,
                    outcome.finished_at,
                    outcome.result,
                    outcome.status,
                    feed.reason,
                    outcome.wire_bytes,
                    applied.new,
                    applied.updated,
                    seconds_or_none(applied.delay),
                    feed.asked,
                    *_bounds(outcome.bounds),
                ),
            )
        if done.rowcount != 1:
            raise StaleClaimError(feed.url)

    def statuses(self) -> list[FeedStatus]:
        """See ``Feeds.statuses``."""
        self._settle()
        rows = self._sql.execute(
            f"SELECT {STATUS_COLUMNS}, (SELECT count(DISTINCT s.record_id) FROM sightings s WHERE s.feed_id=f.id)"
            " FROM feeds f JOIN origins o ON o.origin=f.origin WHERE f.position IS NOT NULL ORDER BY f.position"
        ).fetchall()
        return [read_status(row) for row in rows]

    def forget_polls(self, before: datetime) -> int:
        """See ``Feeds.forget_polls``."""
        return self._sql.execute("DELETE FROM polls WHERE finished_at<%s", (before,)).rowcount


def longest_wait(now: datetime) -> datetime:
    """Return the latest moment until which a server may ask us to wait (SC-28)."""
    return now + _LONGEST_WAIT


def claim_among(
    sql: Sql,
    buckets: Sequence[int],
    now: datetime,
    *,
    limit: int,
    per_origin: int,
    token: str,
    lease_until: datetime,
) -> list[Feed]:
    """As ``Feeds.claim_due``, from buckets in which nobody else claims."""
    values = {
        "now": now,
        "longest_wait": longest_wait(now),
        "limit": limit,
        "per_origin": per_origin,
        "buckets": list(buckets),
        "each": 1 + _PLENTY * limit // max(1, len(buckets)),
    }
    rows = sql.execute(_DUE_WITHIN, values).fetchall()
    return _claimed(sql, rows, token, lease_until)


def _claimed(sql: Sql, rows: Sequence[Sequence[Any]], token: str, lease_until: datetime) -> list[Feed]:
    sql.execute(
        "UPDATE feeds SET poll_token=%s, claimed_until=%s WHERE id=ANY(%s)",
        (token, lease_until, [row[0] for row in rows]),
    )
    return [read_feed(row, token) for row in rows]


def _objection(
    state: str,
    reason: str | None,
    polled: datetime | None,
    not_before: datetime | None,
    *,
    now: datetime,
    recent: datetime,
    stopped: bool,
) -> str | None:
    """Return why a feed is not polled although somebody asks for it."""
    if not_before is not None and not_before > now:
        return f"its server asked us to wait until {not_before:%Y-%m-%d %H:%M:%S} UTC"
    if state in _STOPPED and not stopped:
        return f"{state}: {reason}; --force polls it again"
    if polled is not None and polled > recent:
        return f"polled at {polled:%H:%M:%S} UTC; --force polls it again"
    return None


def _bounds(bounds: Bounds | None) -> tuple[datetime | None, datetime | None, str | None]:
    if bounds is None:
        return None, None, None
    return bounds.floor_at, bounds.hint_at, bounds.hint
