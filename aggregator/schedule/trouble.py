"""What a failure does to a feed's state (ST-22…38)."""

from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.model import Failed, FailureKind, Feed, FeedState, Setback, Unreadable
from aggregator.schedule.outage import is_setback, is_silence

_KINDS: dict[FailureKind, FeedState] = {"not-a-feed": "not-a-feed", "empty": "not-a-feed"}
_STATUSES: dict[int, FeedState] = {429: "slow-down", 503: "slow-down", 451: "disabled"}
_GONE = 410
_GONE_TIMES, _GONE_OVER = 2, timedelta(hours=24)  # one 410 may be a mistake (ST-22)
_TEMPORARY_WEIGHT = 0.25  # a resolver in trouble says little of the feed (ST-28)


def set_back(feed: Feed, failure: Failed | Unreadable, status: int | None, now: datetime) -> Feed:
    """Return the feed in the state that the failure leaves it in, with the reason and the count.

    A first silence leaves the state as it is: it may be our own network's (ST-39), and the next poll tells.
    """
    setback = _setback(feed.setback, failure.kind, status, now)
    temporary = isinstance(failure, Failed) and failure.temporary
    return replace(
        feed,
        state=feed.state if is_setback(failure) and not _is_silent(feed.setback) else _state(setback, now),
        reason=failure.message,
        failures=feed.failures + (_TEMPORARY_WEIGHT if temporary else 1.0),
        setback=setback,
    )


def _is_silent(setback: Setback | None) -> bool:
    return setback is not None and is_silence(setback.kind, setback.status)


def _setback(before: Setback | None, kind: FailureKind, status: int | None, now: datetime) -> Setback:
    if before is None or (before.kind, before.status) != (kind, status):
        return Setback(kind=kind, status=status, times=1, since=now)
    return replace(before, times=before.times + 1)


def _state(setback: Setback, now: datetime) -> FeedState:
    if setback.status == _GONE and setback.times >= _GONE_TIMES and now - setback.since >= _GONE_OVER:
        return "gone"
    return _STATUSES.get(setback.status or 0) or _KINDS.get(setback.kind, "failing")
