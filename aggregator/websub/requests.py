"""What a hub is asked: forms, as UTF-8 (WebSub, section 5.1)."""

from urllib.parse import urlencode

from aggregator.model import Subscription
from aggregator.websub.lease import WANTED

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def subscribe(subscription: Subscription, callback: str) -> bytes:
    """Ask for what is pending (WS-06)."""
    secret = {"hub.secret": subscription.secret} if subscription.secret else {}
    lease = {"hub.lease_seconds": str(round(WANTED.total_seconds()))}
    return _form("subscribe", {"hub.topic": subscription.offer.topic, "hub.callback": callback, **lease, **secret})


def unsubscribe(subscription: Subscription, callback: str) -> bytes:
    """Ask for an end."""
    return _form("unsubscribe", {"hub.topic": subscription.offer.topic, "hub.callback": callback})


def publish(topic: str) -> bytes:
    """Tell a hub that there is news: as ``hub.url`` and as ``hub.topic``, for hubs differ in what they read."""
    return _form("publish", {"hub.url": topic, "hub.topic": topic})


def _form(mode: str, fields: dict[str, str]) -> bytes:
    return urlencode({"hub.mode": mode, **fields}).encode()
