"""Being told of news instead of asking for it (WebSub)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from aggregator.model.feed import FeedId

SubscriptionState = Literal["pending", "active", "leaving", "ended", "denied"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a document says of where its news can be had."""

    hub: str
    topic: str  # what the hub calls the feed: its rel=self, or where it was found


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One subscription to a feed at a hub, under a callback of its own."""

    token: str = field(repr=False)  # the last part of its callback's URL: whoever knows it may write to us
    feed: FeedId
    url: str  # the feed's, as configured
    offer: Offer
    secret: str | None = field(repr=False)  # None: what comes cannot be told from what anybody sends (WS-21)
    state: SubscriptionState
    tries: int = 0  # requests to the hub since the state began
    lease_until: datetime | None = None  # while it is active
    next_at: datetime  # when there is something to do: ask the hub, renew, forget
    reason: str | None = None  # why it failed or ended, for people
