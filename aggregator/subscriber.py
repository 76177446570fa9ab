"""Subscriptions to the hubs that feeds name: asked for, verified, renewed, ended; and what comes of them (WS-01…22)."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from aggregator.fetch import Poster
from aggregator.model import Failed, Subscription
from aggregator.poll import Tools
from aggregator.push import FeedBusyError, Push, take
from aggregator.schedule.next_poll import next_poll
from aggregator.settings import Settings
from aggregator.settings.values import shown
from aggregator.store.contract import StaleClaimError, StoreError, Work
from aggregator.websub import lease
from aggregator.websub.requests import FORM, subscribe, unsubscribe
from aggregator.websub.signature import is_signed

_LOOK_EVERY = timedelta(seconds=10)
_A_LOOK = 200  # feeds
_DUE = 100  # subscriptions, of which each hub is asked for one at a time
_MOST_WAITING = 200  # pushes
_MOST_BYTES = 64_000_000  # of them
_AT_ONCE = 4  # pushes
_HUB_DEADLINE = timedelta(seconds=30)
_HUB_REDIRECTS = 3  # WS-05
_CHANCE_BYTES = 24

Post = Callable[[str, Mapping[str, str], bytes], Awaitable[Failed | None]]  # URL, headers, body

log = structlog.get_logger("aggregator.websub")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What came to the callback of a subscription."""

    raw: bytes  # as transferred: what is signed
    body: bytes  # decoded
    content_type: str | None
    signature: str | None


class Subscriber:
    """Keeps one subscription for every feed that offers one. ``chance`` gives text that nobody can guess."""

    def __init__(self, tools: Tools, post: Post, *, base_url: str, chance: Callable[[], str]) -> None:
        self._tools = tools
        self._post = post
        self._callbacks = f"{base_url}/websub/"
        self._chance = chance
        self._looked_at: datetime | None = None
        self._waiting: list[Push] = []

    def adopt(self, tools: Tools) -> None:
        """Take what comes with other tools from now on."""
        self._tools = tools

    async def catch_up(self) -> None:
        """Do what is due, asking each hub once at most."""
        now = self._tools.clock()
        if self._looked_at is None or not timedelta() <= now - self._looked_at < _LOOK_EVERY:
            self._looked_at = now
            await self._tools.write(lambda work: self._look(work, now))
        due = await self._tools.write(lambda work: work.subscriptions.due(now, limit=_DUE))
        at_rest = [each for each in due if each.state not in _ASKS]
        if at_rest:
            await self._tools.write(lambda work: self._tend(work, at_rest, now))
        hubs = {each.offer.hub: each for each in reversed(due) if each.state in _ASKS}
        await asyncio.gather(*(self._ask(each) for each in hubs.values()))

    async def verify(self, token: str, fields: Mapping[str, str]) -> str | None:
        """Return what a hub that verifies is answered; None where nobody meant that (WS-09, WS-10, WS-11)."""
        now = self._tools.clock()
        found = await self._tools.write(lambda work: self._verified(work, token, fields, now))
        if found is not None:
            log.info("subscription", feed=shown(found.url), state=found.state, reason=found.reason)
        return None if found is None else fields.get("hub.challenge", "")

    async def receive(self, subscription: Subscription, delivery: Delivery) -> bool:
        """Take what a hub delivers; False where there is no room for it now.

        What is not signed as agreed is dropped, and nobody told (WS-14, WS-15). Where nothing was agreed anybody may
        have sent it: the feed itself is asked (WS-21). Whose news it is the callback alone says (WS-17).
        """
        now = self._tools.clock()
        if subscription.secret is None:
            await self._tools.write(lambda work: work.pushes.ping(subscription.feed, now, self._tools.policy.shortest))
            return True
        if not is_signed(delivery.raw, delivery.signature, subscription.secret):
            log.warning("push dropped: its signature is wrong", feed=shown(subscription.url))
            return True
        if len(self._waiting) >= _MOST_WAITING or self._waiting_bytes + len(delivery.body) > _MOST_BYTES:
            return False
        self._waiting.append(
            Push(
                feed=subscription.feed,
                body=delivery.body,
                content_type=delivery.content_type,
                wire_bytes=len(delivery.raw),
            )
        )
        return True

    async def take_pushes(self) -> None:
        """Digest and commit what was received; what is for a feed that is being polled waits for the next call."""
        waiting, self._waiting = self._waiting, []
        for start in range(0, len(waiting), _AT_ONCE):
            await asyncio.gather(*(self._take(push) for push in waiting[start : start + _AT_ONCE]))

    async def end_all(self) -> None:
        """End what is pending or active: nobody listens any more."""
        now = self._tools.clock()

        def write(work: Work) -> None:
            for each in work.subscriptions.all():
                if each.state in {"pending", "active"}:
                    self._end(work, lease.ended(each, now))

        await self._tools.write(write)

    async def hand_over(self) -> None:
        """Before the end: have feeds polled soon for which something was received that was not taken."""
        now, feeds = self._tools.clock(), {push.feed for push in self._waiting}

        def write(work: Work) -> None:
            for feed in feeds:
                work.pushes.ping(feed, now, self._tools.policy.shortest)

        if feeds:
            await self._tools.write(write)

    @property
    def _waiting_bytes(self) -> int:
        return sum(len(push.body) for push in self._waiting)

    def _look(self, work: Work, now: datetime) -> None:
        """Begin with feeds that offer something new, and leave where nothing is offered any more."""
        for feed, url, offer in work.subscriptions.unserved(limit=_A_LOOK):
            fresh = lease.begun(feed, url, offer, token=self._chance(), secret=self._chance(), now=now)
            work.subscriptions.put(fresh)
        for stray in work.subscriptions.strays(limit=_A_LOOK):
            work.subscriptions.put(lease.leaving(stray, now))

    def _tend(self, work: Work, due: Iterable[Subscription], now: datetime) -> None:
        """Renew, end, forget."""
        for each in due:
            if each.state != "active":
                work.subscriptions.forget(each.token)
            elif each.lease_until is None or each.lease_until <= now:
                self._end(work, lease.ended(each, now))
            else:
                self._renew(work, each, now)

    def _renew(self, work: Work, old: Subscription, now: datetime) -> None:
        """Subscribe anew, under another callback and with another secret (WS-07, WS-08); the old one ends by itself."""
        work.subscriptions.put(lease.lapsing(old))
        if not any(each.state == "pending" for each in work.subscriptions.of(old.feed)):
            secret = self._chance()
            fresh = lease.begun(old.feed, old.url, old.offer, token=self._chance(), secret=secret, now=now)
            work.subscriptions.put(fresh)

    async def _ask(self, subscription: Subscription) -> None:
        """Ask a hub for what is pending or leaving; give up after some tries."""
        now = self._tools.clock()
        if lease.is_hopeless(subscription):
            await self._tools.write(lambda work: self._end(work, lease.given_up(subscription, now)))
            return
        asked = lease.asked(subscription, now)
        await self._tools.write(lambda work: work.subscriptions.put(asked))
        form = _ASKS[asked.state](asked, self._callbacks + asked.token)
        failed = await self._post(asked.offer.hub, FORM, form)
        if failed is not None:
            log.info("hub refused", hub=shown(asked.offer.hub), reason=failed.message)
            await self._tools.write(lambda work: _note(work, asked, failed.message))

    def _verified(self, work: Work, token: str, fields: Mapping[str, str], now: datetime) -> Subscription | None:
        found = work.subscriptions.find(token)
        if found is None or fields.get("hub.topic") != found.offer.topic:
            return None
        match fields.get("hub.mode"), found.state:
            case "subscribe", "pending" | "active":
                return self._begin(work, lease.verified(found, fields.get("hub.lease_seconds", ""), now), now)
            case "unsubscribe", "leaving" | "ended":
                return self._end(work, lease.ended(found, now))
            case "denied", "pending" | "active":
                return self._end(work, lease.denied(found, fields.get("hub.reason") or "the hub denied it", now))
        return None

    def _begin(self, work: Work, verified: Subscription, now: datetime) -> Subscription:
        """Write one that is active from now on; what it replaces is left."""
        for each in work.subscriptions.of(verified.feed):
            if each.state == "active" and each.token != verified.token:
                work.subscriptions.put(lease.leaving(each, now))
        work.subscriptions.put(verified)
        return verified

    def _end(self, work: Work, over: Subscription) -> Subscription:
        """Write one that is over; its feed is polled as it would have been without (WS-11)."""
        work.subscriptions.put(over)
        feed = work.schedule.find(over.url)
        if feed is not None and feed.last_poll_at is not None:
            due = next_poll(feed, self._tools.policy).at
            if due < feed.next_poll_at:
                work.recovery.reschedule({feed.id: due})
        return over

    async def _take(self, push: Push) -> None:
        try:
            applied = await take(push, self._tools)
        except FeedBusyError:
            self._waiting.append(push)
        except StaleClaimError:
            log.warning("push given up: it took too long", feed=push.feed)
        except StoreError:
            self._waiting.append(push)
            raise
        except Exception:  # a document that we cannot take must not end the others
            log.exception("push failed by a bug", feed=push.feed)
        else:
            log.info("push", feed=push.feed, new=applied.new if applied else None, thin=applied is None)


@asynccontextmanager
async def subscribing(settings: Settings, tools: Tools, poster: Poster) -> AsyncIterator[Subscriber | None]:
    """Offer the subscriber that ``[websub] enabled`` asks for. Without one, subscriptions of before are over."""
    post = partial(poster.post, deadline=_HUB_DEADLINE, redirects=_HUB_REDIRECTS)
    chance = partial(secrets.token_urlsafe, _CHANCE_BYTES)
    subscriber = Subscriber(tools, post, base_url=settings.site.base_url, chance=chance)
    if settings.websub.enabled:
        yield subscriber
        await subscriber.hand_over()
    else:
        await subscriber.end_all()
        yield None


def _note(work: Work, asked: Subscription, reason: str) -> None:
    """Keep why a hub was asked in vain, unless it has verified meanwhile."""
    now = work.subscriptions.find(asked.token)
    if now is not None and now.state == asked.state:
        work.subscriptions.put(replace(now, reason=reason))


_ASKS: dict[str, Callable[[Subscription, str], bytes]] = {"pending": subscribe, "leaving": unsubscribe}
