"""Offers of hubs and the subscriptions to them, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aggregator.model import FeedId, Offer, Subscription
from aggregator.store.postgres.connection import Sql

_COLUMNS = "s.token, s.feed_id, f.url, s.hub, s.topic, s.secret, s.state, s.tries, s.lease_until, s.next_at, s.reason"
_SELECT = f"SELECT {_COLUMNS} FROM subscriptions s JOIN feeds f ON f.id=s.feed_id"
_IS_POLLED = "f.active AND f.state NOT IN ('gone', 'disabled')"


class PostgresSubscriptions:
    """The ``Subscriptions`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def offered(self, feed: FeedId, offer: Offer | None) -> None:
        """See ``Subscriptions.offered``."""
        if offer is None:
            self._sql.execute("DELETE FROM offers WHERE feed_id=%s", (feed,))
        else:
            self._sql.execute(
                "INSERT INTO offers (feed_id, hub, topic) VALUES (%s, %s, %s) ON CONFLICT (feed_id) DO UPDATE SET"
                " hub=excluded.hub, topic=excluded.topic WHERE hub!=excluded.hub OR topic!=excluded.topic",
                (feed, offer.hub, offer.topic),
            )

    def unserved(self, *, limit: int) -> list[tuple[FeedId, str, Offer]]:
        """See ``Subscriptions.unserved``."""
        rows = self._sql.execute(
            f"SELECT o.feed_id, f.url, o.hub, o.topic FROM offers o JOIN feeds f ON f.id=o.feed_id"
            f" WHERE {_IS_POLLED} AND NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.feed_id=o.feed_id"
            " AND s.hub=o.hub AND s.topic=o.topic AND s.state IN ('pending', 'active', 'denied')) LIMIT %s",
            (limit,),
        ).fetchall()
        return [(FeedId(feed), url, Offer(hub=hub, topic=topic)) for feed, url, hub, topic in rows]

    def strays(self, *, limit: int) -> list[Subscription]:
        """See ``Subscriptions.strays``."""
        return self._read(
            f" LEFT JOIN offers o ON o.feed_id=s.feed_id WHERE s.state IN ('pending', 'active') AND NOT"
            f" ({_IS_POLLED} AND coalesce(o.hub=s.hub AND o.topic=s.topic, false)) LIMIT %s",
            limit,
        )

    def due(self, now: datetime, *, limit: int) -> list[Subscription]:
        """See ``Subscriptions.due``."""
        return self._read(" WHERE s.next_at<=%s ORDER BY s.next_at LIMIT %s", now, limit)

    def find(self, token: str) -> Subscription | None:
        """See ``Subscriptions.find``."""
        found = self._read(" WHERE s.token=%s", token)
        return found[0] if found else None

    def of(self, feed: FeedId) -> list[Subscription]:
        """See ``Subscriptions.of``."""
        return self._read(" WHERE s.feed_id=%s", feed)

    def all(self) -> list[Subscription]:
        """See ``Subscriptions.all``."""
        return self._read(" ORDER BY f.position IS NULL, f.position, s.next_at")

    def put(self, subscription: Subscription) -> None:
        """See ``Subscriptions.put``."""
        self._sql.execute(
            "INSERT INTO subscriptions (token, feed_id, hub, topic, secret, state, tries, lease_until,"
            " next_at, reason) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (token) DO UPDATE SET"
            " feed_id=excluded.feed_id, hub=excluded.hub, topic=excluded.topic, secret=excluded.secret,"
            " state=excluded.state, tries=excluded.tries, lease_until=excluded.lease_until, next_at=excluded.next_at,"
            " reason=excluded.reason",
            (
                subscription.token,
                subscription.feed,
                subscription.offer.hub,
                subscription.offer.topic,
                subscription.secret,
                subscription.state,
                subscription.tries,
                subscription.lease_until,
                subscription.next_at,
                subscription.reason,
            ),
        )

    def forget(self, token: str) -> None:
        """See ``Subscriptions.forget``."""
        self._sql.execute("DELETE FROM subscriptions WHERE token=%s", (token,))

    def _read(self, rest: str, *values: object) -> list[Subscription]:
        return [_subscription(row) for row in self._sql.execute(_SELECT + rest, values).fetchall()]


def _subscription(row: Sequence[Any]) -> Subscription:
    token, feed, url, hub, topic, secret, state, tries, lease, due, reason = row
    return Subscription(
        token=token,
        feed=FeedId(feed),
        url=url,
        offer=Offer(hub=hub, topic=topic),
        secret=secret,
        state=state,
        tries=tries,
        lease_until=lease,
        next_at=due,
        reason=reason,
    )
