"""What a poll makes of its feed: pure, and the only place that decides a feed's state."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.model import (
    Digest,
    Failed,
    FailureKind,
    Feed,
    FeedState,
    Fetched,
    FetchResult,
    NotModified,
    PollOutcome,
    Unreadable,
    Validators,
)
from aggregator.schedule.policy import LastPoll, PollPolicy, capped, next_poll

_STATES: dict[FailureKind, FeedState] = {"not-a-feed": "not-a-feed", "empty": "not-a-feed"}
_SLOW_DOWN = frozenset({429, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a poll began and is decided on, by which policy, and the random number that spreads feeds apart."""

    started: datetime
    now: datetime
    policy: PollPolicy
    chance: float


def decide(
    feed: Feed, result: FetchResult, read: Digest | Unreadable | None, body_hash: bytes | None, moment: Moment
) -> PollOutcome:
    """Return what the poll comes to: the feed's next state, and the digest to store with it.

    ``read`` is None where there was nothing to read: a failure, a 304, or the same bytes as last time.
    """
    if isinstance(result, Failed):
        return failed(feed, result, moment)
    if isinstance(read, Unreadable):
        return failed(feed, read, moment, status=_status(result))
    done = _succeeded(feed, result, moment)
    if read is None:
        word = "not-modified" if isinstance(result, NotModified) else "unchanged"
        return _outcome(done, word, moment, status=_status(result), wire_bytes=_wire_bytes(result))
    done = replace(
        done,
        body_hash=body_hash,
        title=read.title,
        language=read.language,
        identity="link" if read.link_identity else feed.identity,
        digested_at=moment.now,
    )
    return _outcome(done, "ok", moment, status=_status(result), wire_bytes=_wire_bytes(result), digest=read)


def failed(feed: Feed, failure: Failed | Unreadable, moment: Moment, *, status: int | None = None) -> PollOutcome:
    """Return a failure's outcome. What the feed gave before stays: validators, hash, entries (CR-17, ST-38)."""
    retry_after = None
    if isinstance(failure, Failed):
        retry_after, status = failure.retry_after, failure.status
    done = replace(
        feed,
        state="slow-down" if status in _SLOW_DOWN else _STATES.get(failure.kind, "failing"),
        reason=failure.message,
        failures=feed.failures + 1.0,
        last_poll_at=moment.now,
    )
    return _outcome(_rescheduled(done, retry_after, moment), failure.kind, moment, status=status)


def _succeeded(feed: Feed, result: Fetched | NotModified, moment: Moment) -> Feed:
    """Return the feed after an answer that was understood; its validators replace the old ones (CR-10…14)."""
    validators: Validators | None = result.validators
    done = replace(
        feed,
        state="ok",
        reason=None,
        failures=0.0,
        validators=validators,
        last_poll_at=moment.now,
        last_ok_at=moment.now,
    )
    return _rescheduled(done, result.retry_after, moment)


def _rescheduled(feed: Feed, retry_after: timedelta | None, moment: Moment) -> Feed:
    last = LastPoll(
        interval=feed.interval,
        revalidates=feed.validators is not None,
        failures=feed.failures,
        retry_after=retry_after,
    )
    wait = capped(retry_after)
    return replace(
        feed,
        retry_after_at=None if wait is None else moment.now + wait,
        next_poll_at=next_poll(moment.now, moment.policy, last, chance=moment.chance),
    )


def _outcome(
    feed: Feed, result: str, moment: Moment, *, status: int | None, wire_bytes: int = 0, digest: Digest | None = None
) -> PollOutcome:
    return PollOutcome(
        feed=feed,
        digest=digest,
        result=result,
        status=status,
        wire_bytes=wire_bytes,
        started_at=moment.started,
        finished_at=moment.now,
        origin_retry_at=feed.retry_after_at,
    )


def _status(result: Fetched | NotModified) -> int:
    return result.status if isinstance(result, Fetched) else 304


def _wire_bytes(result: Fetched | NotModified) -> int:
    return result.wire_bytes if isinstance(result, Fetched) else 0
