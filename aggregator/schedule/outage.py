"""Whether it is our own network that is down (ST-39): decided from what polls come to, and from nothing else.

Feeds of unrelated sites that were well do not break one after the other, with nobody answering in between. When they
seem to, polling stops but for a probe now and then, and what failed counts for nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.model import Failed, FailureKind, Feed, FeedId, FetchResult, Overdue, Unreadable
from aggregator.url.domain import site

_NETWORK: frozenset[FailureKind] = frozenset({"dns", "connect", "timeout", "tls"})
_WINDOW = timedelta(hours=1)
_SITES = 3  # unrelated ones, all of them down, with nobody answering
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=1)
_CATCH_UP = timedelta(seconds=0.1)  # between two polls
_UNDATED_WINDOW = timedelta(days=1)  # how long a window lasts when its entries have no dates
_SHORTEST_WINDOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setback:
    """A poll that failed for want of a network: the feed as it was before."""

    feed: Feed
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """What is known about our own network."""

    setbacks: tuple[Setback, ...] = ()  # with no answer from anybody since
    suspects: frozenset[FeedId] = frozenset()  # forgiven, and silent since: they prove nothing a second time
    since: datetime | None = None  # when it began; None while all is well
    pause: timedelta = _FIRST_PAUSE
    probe_at: datetime | None = None


def is_setback(result: FetchResult | Unreadable) -> bool:
    """Whether a poll may have failed for want of a network: nobody answered."""
    return isinstance(result, Failed) and is_silence(result.kind, result.status)


def is_silence(kind: FailureKind, status: int | None) -> bool:
    """Whether a failure of that kind and HTTP status means that nobody answered."""
    return kind in _NETWORK and status is None


def is_broken(result: FetchResult) -> bool:
    """Whether it failed as it would for want of a network, before the answer began or after."""
    return isinstance(result, Failed) and result.kind in _NETWORK


def is_answer(result: FetchResult) -> bool:
    """Whether somebody out there said something, and to the end.

    An answer that broke off is neither this nor a setback, nor is a refusal of our own guard.
    """
    return not is_broken(result) and not (isinstance(result, Failed) and result.kind == "blocked")


def after_answer(outage: Outage, feed: Feed) -> Outage:
    """Return what is known once somebody answered: the network is there."""
    return Outage(suspects=outage.suspects - {feed.id})


def after_setback(outage: Outage, feed: Feed, now: datetime) -> Outage:
    """Return what is known after a setback of ``feed``, given as it was claimed."""
    if outage.since is not None:
        outage = replace(outage, suspects=outage.suspects | {feed.id})
        return outage if outage.probe_at is not None and now < outage.probe_at else _waiting(outage, now)
    recent = [setback for setback in outage.setbacks if now - setback.at <= _WINDOW]
    outage = replace(outage, setbacks=(*recent, Setback(feed=feed, at=now)))
    sites = {site(setback.feed.fetch_url) for setback in outage.setbacks if _proves(setback.feed, outage)}
    if len(sites) < _SITES:
        return outage
    suspects = outage.suspects | {setback.feed.id for setback in outage.setbacks}
    return _waiting(replace(outage, suspects=suspects, since=outage.setbacks[0].at), now)


def places(outage: Outage, now: datetime, *, free: int, running: int) -> int:
    """Return how many feeds may be claimed: what is free, but none in an outage except one at a time as a probe."""
    if outage.since is None:
        return free
    return 1 if not running and (outage.probe_at is None or now >= outage.probe_at) else 0


def catch_up(overdue: Iterable[Overdue], now: datetime) -> dict[FeedId, datetime]:
    """Return when to poll what was left undone: ten a second, those first that are likeliest to have lost entries."""
    ranked = sorted(overdue, key=lambda feed: (-_gap_risk(feed, now), feed.id))
    return {feed.id: now + place * _CATCH_UP for place, feed in enumerate(ranked)}


def _proves(feed: Feed, outage: Outage) -> bool:
    return feed.failures == 0 and feed.id not in outage.suspects


def _waiting(outage: Outage, now: datetime) -> Outage:
    return replace(outage, probe_at=now + outage.pause, pause=min(2 * outage.pause, _LONGEST_PAUSE))


def _gap_risk(feed: Overdue, now: datetime) -> float:
    """Return how many times the feed's window has turned over since it was last read.

    Half a window lasts from its median entry to the last good poll. A feed never read has nothing to lose yet.
    """
    if feed.last_ok_at is None:
        return 0.0
    window = 2 * (feed.last_ok_at - feed.median_published) if feed.median_published else _UNDATED_WINDOW
    return (now - feed.last_ok_at) / max(window, _SHORTEST_WINDOW)
