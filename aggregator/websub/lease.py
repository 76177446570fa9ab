"""The life of a subscription: pending, active, leaving; ended or denied (WS-08…12). Every step is a new value."""

from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.model import FeedId, Offer, Subscription

WANTED = timedelta(days=10)
_UNSTATED = timedelta(hours=6)  # a hub that names no lease may mean any: ask again soon (WS-12)
_SHORTEST, _LONGEST = timedelta(minutes=5), timedelta(days=30)
_RENEWED_AFTER = 0.8  # of a lease: a fifth is left to try in
_FIRST_WAIT = timedelta(minutes=10)  # for the hub to verify, or to be there again; doubled with every try
_MOST_TRIES = 7  # which takes half a day
_MOST_FAREWELLS = 3
_REMEMBERED = timedelta(days=30)  # what ended, to answer by 410 (WS-19); what was denied, to be left in peace


def begun(feed: FeedId, url: str, offer: Offer, *, token: str, secret: str, now: datetime) -> Subscription:
    """Return a new subscription, to be asked for now. Its secret travels over https, or not at all (WS-07)."""
    return Subscription(
        token=token,
        feed=feed,
        url=url,
        offer=offer,
        secret=secret if offer.hub.startswith("https:") else None,
        state="pending",
        next_at=now,
    )


def asked(subscription: Subscription, now: datetime) -> Subscription:
    """Return it as it is while the hub is asked; it is asked again unless it verifies in time."""
    tries = subscription.tries + 1
    return replace(subscription, tries=tries, next_at=now + _FIRST_WAIT * 2 ** (tries - 1))


def is_hopeless(subscription: Subscription) -> bool:
    """Whether the hub was asked often enough."""
    return subscription.tries >= (_MOST_FAREWELLS if subscription.state == "leaving" else _MOST_TRIES)


def given_up(subscription: Subscription, now: datetime) -> Subscription:
    """Return it after a hub that was asked in vain."""
    if subscription.state == "leaving":
        return ended(subscription, now)
    return denied(subscription, subscription.reason or "the hub did not verify it", now)


def verified(subscription: Subscription, lease_seconds: str, now: datetime) -> Subscription:
    """Return it active; the hub says for how long (WS-12)."""
    lease = min(max(_seconds(lease_seconds) or _UNSTATED, _SHORTEST), _LONGEST)
    return replace(
        subscription,
        state="active",
        tries=0,
        lease_until=now + lease,
        next_at=now + lease * _RENEWED_AFTER,
        reason=None,
    )


def leaving(subscription: Subscription, now: datetime) -> Subscription:
    """Return it with its hub to be told that it is over."""
    return replace(subscription, state="leaving", tries=0, lease_until=None, next_at=now)


def lapsing(subscription: Subscription) -> Subscription:
    """Return an active one that another one is to replace: it ends with its lease, or when that one is verified."""
    return replace(subscription, next_at=subscription.lease_until or subscription.next_at)


def ended(subscription: Subscription, now: datetime) -> Subscription:
    """Return it over, and remembered for a while."""
    return replace(subscription, state="ended", tries=0, lease_until=None, next_at=now + _REMEMBERED)


def denied(subscription: Subscription, reason: str, now: datetime) -> Subscription:
    """Return it refused: the feed is polled, and the hub not asked again for it for a while (WS-11)."""
    return replace(
        subscription, state="denied", tries=0, lease_until=None, next_at=now + _REMEMBERED, reason=reason[:200]
    )


def _seconds(text: str) -> timedelta | None:
    if not (text.isascii() and text.isdecimal() and int(text[:10])):
        return None
    return timedelta(seconds=int(text[:10]))
