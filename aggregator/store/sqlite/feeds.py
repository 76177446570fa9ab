"""Subscriptions and the schedule in SQLite."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from aggregator.model import Bounds, Feed, FeedConfig, FeedId, KnownFeed, PollOutcome
from aggregator.store.contract import Asked, FeedStatus, StaleClaimError
from aggregator.store.plan import Applied
from aggregator.store.sqlite.feed_rows import (
    FEED_COLUMNS,
    KNOWN_COLUMNS,
    STATUS_COLUMNS,
    bucket_of,
    read_feed,
    read_known,
    read_status,
    state_columns,
)
from aggregator.store.sqlite.values import as_json, moment, seconds_or_none, stamp, stamp_or_none
from aggregator.url.origin import host_origin

_LONGEST_WAIT = timedelta(hours=25)  # Retry-After is capped at 24 h (ST-03), and jitter adds to it

_DUE = f"""
WITH busy AS (
    SELECT origin, count(*) AS polls FROM feeds INDEXED BY feeds_claimed WHERE claimed_until > :now GROUP BY origin
),
due AS (
    SELECT f.id, f.next_poll_at, CASE WHEN o.delay_seconds IS NULL THEN :per_origin ELSE 1 END AS places,
        coalesce(b.polls, 0) + row_number() OVER (PARTITION BY f.origin ORDER BY f.next_poll_at, f.id) AS place
    FROM feeds f INDEXED BY feeds_due JOIN origins o ON o.origin = f.origin LEFT JOIN busy b ON b.origin = f.origin
    WHERE f.active AND f.next_poll_at <= :now AND (f.claimed_until IS NULL OR f.claimed_until <= :now)
        AND (o.next_allowed_at IS NULL OR o.next_allowed_at <= :now OR o.next_allowed_at > :longest_wait)
        AND (NOT :asked_only OR f.asked_at IS NOT NULL)
)
SELECT {FEED_COLUMNS} FROM due JOIN feeds f ON f.id = due.id
WHERE place <= places ORDER BY due.next_poll_at, f.id LIMIT :limit
"""  # noqa: S608 - constants only
_SYNC = """
INSERT INTO feeds (url, fetch_url, name, tags, interval_seconds, active, position, origin, bucket, added_at,
    next_poll_at)
VALUES (:url, :url, :name, :tags, :interval, :active, :position, :origin, :bucket, :now, :now)
ON CONFLICT (url) DO UPDATE SET name=excluded.name, tags=excluded.tags, interval_seconds=excluded.interval_seconds,
    active=excluded.active, position=excluded.position, origin=excluded.origin, bucket=excluded.bucket,
    next_poll_at=CASE WHEN excluded.active AND NOT feeds.active AND feeds.state IN ('gone', 'disabled')
        THEN :now ELSE feeds.next_poll_at END
"""
_STOPPED = frozenset({"gone", "disabled"})


class SqliteFeeds:
    """The ``Feeds`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def sync(
        self, feeds: Sequence[FeedConfig], now: datetime, *, origin_of: Callable[[str, str | None], str] = host_origin
    ) -> None:
        """See ``Feeds.sync``."""
        self._sql.execute("UPDATE feeds SET position=NULL")
        self._write(enumerate(feeds), now, origin_of)
        self._sql.execute("UPDATE feeds SET active=0 WHERE position IS NULL")

    def include(
        self, feed: FeedConfig, now: datetime, *, origin_of: Callable[[str, str | None], str] = host_origin
    ) -> None:
        """See ``Feeds.include``."""
        (position,) = self._sql.execute("SELECT coalesce(max(position), -1)+1 FROM feeds").fetchone()
        self._write([(position, feed)], now, origin_of)

    def _write(
        self,
        feeds: Iterable[tuple[int, FeedConfig]],
        now: datetime,
        origin_of: Callable[[str, str | None], str],
    ) -> None:
        """Write feeds with their positions."""
        known = {url: rest for url, *rest in self._sql.execute("SELECT url, fetch_url, address FROM feeds")}
        placed = [(*each, origin_of(*known.get(each[1].url, (each[1].url, None)))) for each in feeds]
        self._sql.executemany(
            "INSERT INTO origins (origin) VALUES (?) ON CONFLICT DO NOTHING", {(host,) for _, _, host in placed}
        )
        self._sql.executemany(
            _SYNC,
            [
                {
                    "url": feed.url,
                    "name": feed.name,
                    "tags": as_json(feed.tags),
                    "interval": None if feed.interval is None else feed.interval.total_seconds(),
                    "active": feed.enabled,
                    "position": position,
                    "origin": host,
                    "bucket": bucket_of(host),
                    "now": stamp(now),
                }
                for position, feed, host in placed
            ],
        )

    def known(self) -> list[KnownFeed]:
        """See ``Feeds.known``."""
        rows = self._sql.execute(f"SELECT {KNOWN_COLUMNS} FROM feeds ORDER BY position IS NULL, position, id")  # noqa: S608
        return [read_known(row) for row in rows.fetchall()]

    def move(self, url: str, to: str, now: datetime) -> None:
        """See ``Feeds.move``."""
        self._sql.execute(
            "UPDATE feeds SET url=:to, fetch_url=:to, poll_token=NULL, claimed_until=NULL,"
            " next_poll_at=CASE WHEN fetch_url=:to THEN next_poll_at ELSE :now END,"
            " retry_after_at=CASE WHEN fetch_url=:to THEN retry_after_at END,"
            " address=CASE WHEN fetch_url=:to THEN address END WHERE url=:url",
            {"url": url, "to": to, "now": stamp(now)},
        )

    def claim_due(
        self, now: datetime, *, limit: int, per_origin: int, token: str, lease_until: datetime, asked_only: bool = False
    ) -> list[Feed]:
        """See ``Feeds.claim_due``."""
        rows = self._sql.execute(
            _DUE,
            {
                "now": stamp(now),
                "longest_wait": stamp(now + _LONGEST_WAIT),
                "limit": limit,
                "per_origin": per_origin,
                "asked_only": asked_only,
            },
        ).fetchall()
        feeds = [read_feed(row, token) for row in rows]
        self._sql.executemany(
            "UPDATE feeds SET poll_token=?, claimed_until=? WHERE id=?",
            [(token, stamp(lease_until), feed.id) for feed in feeds],
        )
        return feeds

    def release_claims(self) -> None:
        """See ``Feeds.release_claims``."""
        self._sql.execute("UPDATE feeds SET poll_token=NULL, claimed_until=NULL WHERE claimed_until IS NOT NULL")

    def give_back(self, feed: Feed, due: datetime) -> None:
        """See ``Feeds.give_back``."""
        self._sql.execute(
            "UPDATE feeds SET next_poll_at=?, poll_token=NULL, claimed_until=NULL WHERE id=? AND poll_token=?",
            (stamp(due), feed.id, feed.poll_token),
        )

    def ask(self, urls: Iterable[str] | None, now: datetime, *, recent: datetime, stopped: bool = False) -> Asked:
        """See ``Feeds.ask``."""
        wanted = None if urls is None else set(urls)
        rows = self._sql.execute(
            "SELECT f.id, f.url, f.state, f.reason, f.last_poll_at,"
            " max(coalesce(f.retry_after_at, ''), coalesce(o.next_allowed_at, ''))"
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
        self._sql.executemany(
            "UPDATE feeds SET asked_at=?, next_poll_at=min(next_poll_at, ?) WHERE id=?",
            [(stamp(now), stamp(now), ident) for ident in asked],
        )
        return Asked(feeds=tuple(asked), skipped=tuple(skipped))

    def unask(self, now: datetime) -> tuple[tuple[str, str], ...]:
        """See ``Feeds.unask``."""
        rows = self._sql.execute(
            "SELECT f.url, o.next_allowed_at FROM feeds f JOIN origins o ON o.origin=f.origin"
            " WHERE f.asked_at IS NOT NULL AND f.active AND o.next_allowed_at > ? ORDER BY f.position",
            (stamp(now),),
        ).fetchall()
        self._sql.execute("UPDATE feeds SET asked_at=NULL WHERE asked_at IS NOT NULL")
        return tuple(
            (url, f"its server asked us to wait until {moment(until):%Y-%m-%d %H:%M:%S} UTC") for url, until in rows
        )

    def urls(self, feeds: Sequence[FeedId]) -> list[str]:
        """See ``Feeds.urls``."""
        rows = self._sql.execute(
            "SELECT url FROM feeds WHERE active AND id IN (SELECT value FROM json_each(?))", (as_json(feeds),)
        )
        return [url for (url,) in rows.fetchall()]

    def window(self, feed: Feed) -> Mapping[bytes, bytes]:
        """See ``Feeds.window``."""
        if feed.digested_at is None:
            return {}
        rows = self._sql.execute(
            "SELECT guid_hash, entry_hash FROM sightings WHERE feed_id=:feed AND last_seen>=:at UNION ALL"
            " SELECT guid_hash, entry_hash FROM tombstones WHERE feed_id=:feed AND last_seen>=:at",
            {"feed": feed.id, "at": stamp(feed.digested_at)},
        ).fetchall()
        return dict(rows)

    def finish(self, outcome: PollOutcome, applied: Applied) -> None:
        """See ``Feeds.finish``."""
        feed = outcome.feed
        self._sql.execute("INSERT INTO origins (origin) VALUES (?) ON CONFLICT DO NOTHING", (feed.origin,))
        columns = state_columns(feed)
        assignments = ", ".join(f"{name}=:{name}" for name in columns)
        done = self._sql.execute(
            f"UPDATE feeds SET {assignments}, poll_token=NULL, claimed_until=NULL, asked_at=NULL"  # noqa: S608
            " WHERE id=:id AND poll_token=:token",
            {**columns, "id": feed.id, "token": feed.poll_token},
        )
        if done.rowcount != 1:
            raise StaleClaimError(feed.url)
        if outcome.origin_retry_at is not None:
            self._sql.execute(
                "UPDATE origins SET next_allowed_at=max(coalesce(next_allowed_at, ''), ?) WHERE origin=?",
                (stamp(outcome.origin_retry_at), feed.origin),
            )
        self._sql.execute(
            "INSERT INTO polls (feed_id, started_at, finished_at, result, status, reason, wire_bytes, new, updated,"
            " delay_seconds, asked, floor_at, hint_at, hint) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                feed.id,
                stamp(outcome.started_at),
                stamp(outcome.finished_at),
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

    def statuses(self) -> list[FeedStatus]:
        """See ``Feeds.statuses``."""
        rows = self._sql.execute(
            f"SELECT {STATUS_COLUMNS}, (SELECT count(DISTINCT s.record_id) FROM sightings s WHERE s.feed_id=f.id)"  # noqa: S608
            " FROM feeds f JOIN origins o ON o.origin=f.origin WHERE f.position IS NOT NULL ORDER BY f.position"
        ).fetchall()
        return [read_status(row) for row in rows]

    def forget_polls(self, before: datetime) -> int:
        """See ``Feeds.forget_polls``."""
        return self._sql.execute("DELETE FROM polls WHERE finished_at<?", (stamp(before),)).rowcount


def _objection(
    state: str,
    reason: str | None,
    polled: str | None,
    not_before: str,
    *,
    now: datetime,
    recent: datetime,
    stopped: bool,
) -> str | None:
    """Return why a feed is not polled although somebody asks for it."""
    if not_before > stamp(now):
        return f"its server asked us to wait until {moment(not_before):%Y-%m-%d %H:%M:%S} UTC"
    if state in _STOPPED and not stopped:
        return f"{state}: {reason}; --force polls it again"
    if polled is not None and polled > stamp(recent):
        return f"polled at {moment(polled):%H:%M:%S} UTC; --force polls it again"
    return None


def _bounds(bounds: Bounds | None) -> tuple[str | None, str | None, str | None]:
    if bounds is None:
        return None, None, None
    return stamp(bounds.floor_at), stamp_or_none(bounds.hint_at), bounds.hint
