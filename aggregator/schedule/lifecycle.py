"""What a poll makes of its feed's state: pure, and the only place that decides it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.model import Digest, Failed, FailureKind, Feed, FeedState, Unreadable, Validators
from aggregator.schedule.policy import LastPoll, PollPolicy, capped, next_poll

_STATES: dict[FailureKind, FeedState] = {"not-a-feed": "not-a-feed", "empty": "not-a-feed"}
_SLOW_DOWN = frozenset({429, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a poll is decided on, by which policy, and the random number that spreads feeds apart."""

    now: datetime
    policy: PollPolicy
    chance: float


def failed(feed: Feed, failure: Failed | Unreadable, moment: Moment) -> Feed:
    """Return the feed after a failure. What it gave before stays: validators, hash, entries (CR-17, ST-38)."""
    retry_after, status = (failure.retry_after, failure.status) if isinstance(failure, Failed) else (None, None)
    failures = feed.failures + 1.0
    return replace(
        feed,
        state="slow-down" if status in _SLOW_DOWN else _STATES.get(failure.kind, "failing"),
        reason=failure.message,
        failures=failures,
        last_poll_at=moment.now,
        retry_after_at=_until(retry_after, moment),
        next_poll_at=_next(feed, moment, failures=failures, retry_after=retry_after),
    )


def succeeded(feed: Feed, validators: Validators | None, retry_after: timedelta | None, moment: Moment) -> Feed:
    """Return the feed after an answer that was understood; the new validators replace the old (CR-10…14)."""
    return replace(
        feed,
        state="ok",
        reason=None,
        failures=0.0,
        validators=validators,
        last_poll_at=moment.now,
        last_ok_at=moment.now,
        retry_after_at=_until(retry_after, moment),
        next_poll_at=_next(replace(feed, validators=validators), moment, failures=0.0, retry_after=retry_after),
    )


def digested(feed: Feed, digest: Digest, body_hash: bytes, moment: Moment) -> Feed:
    """Return the feed after its document was read."""
    return replace(
        feed,
        body_hash=body_hash,
        title=digest.title,
        language=digest.language,
        identity="link" if digest.link_identity else feed.identity,
        digested_at=moment.now,
    )


def _until(retry_after: timedelta | None, moment: Moment) -> datetime | None:
    wait = capped(retry_after)
    return None if wait is None else moment.now + wait


def _next(feed: Feed, moment: Moment, *, failures: float, retry_after: timedelta | None) -> datetime:
    last = LastPoll(
        interval=feed.interval,
        revalidates=feed.validators is not None,
        failures=failures,
        retry_after=retry_after,
    )
    return next_poll(moment.now, moment.policy, last, chance=moment.chance)
