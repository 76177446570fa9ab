"""What every store promises about hubs that tell of news. Part of ``aggregator.store.contract``."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from aggregator.model import Feed, FeedId, Offer, Subscription
from aggregator.store.plan import Applied


class Subscriptions(Protocol):
    """What feeds offer, and the subscriptions to them."""

    def offered(self, feed: FeedId, offer: Offer | None) -> None:
        """Keep what a feed's document offers now."""

    def unserved(self, *, limit: int) -> Sequence[tuple[FeedId, str, Offer]]:
        """Return (feed, its URL, offer) of feeds that are polled and have no subscription to what they offer.

        One that was denied is none to be asked for again.
        """

    def strays(self, *, limit: int) -> Sequence[Subscription]:
        """Return the pending and active ones whose feed is polled no more, or offers something else by now."""

    def due(self, now: datetime, *, limit: int) -> Sequence[Subscription]:
        """Return those with something to do, the longest due first."""

    def find(self, token: str) -> Subscription | None:
        """Return the subscription of a callback."""

    def of(self, feed: FeedId) -> Sequence[Subscription]:
        """Return all subscriptions of a feed."""

    def all(self) -> Sequence[Subscription]:
        """Return all of them in the order of their feeds."""

    def put(self, subscription: Subscription) -> None:
        """Write one, in place of what was known under its token."""

    def forget(self, token: str) -> None:
        """Delete one."""


class Pushes(Protocol):
    """What hubs tell, written without a poll."""

    def ping(self, feed: FeedId, now: datetime, shortest: timedelta) -> None:
        """Make a feed due as soon as its last poll is ``shortest`` ago and its server lets us (WS-21)."""

    def claim(self, feed: FeedId, now: datetime, *, token: str, lease_until: datetime) -> Feed | None:
        """Take a feed as ``Feeds.claim_due`` does, due or not; None while it is being polled, or is so no more."""

    def finish(self, feed: Feed, applied: Applied, *, wire_bytes: int, started: datetime, now: datetime) -> None:
        """End the claim and write a line of history. The schedule and all else that polls taught stay as they are.

        Raises StaleClaimError when the claim is not the feed's any more.
        """
