"""When to poll a feed again: a pure function of its settings, its last poll and a random number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_LONGEST_RETRY_AFTER = timedelta(hours=24)  # a server may ask for more; it is asked again then (ST-03)
_JITTER = 0.05
_BACKOFF_JITTER = 0.25
_MOST_DOUBLINGS = 16.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPolicy:
    """The settings of ``[schedule]``."""

    shortest: timedelta
    usual: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPoll:
    """What the last poll leaves to decide with."""

    interval: timedelta | None  # the feed's own setting
    revalidates: bool  # the server gave something to ask "has it changed?" with
    failures: float = 0.0
    retry_after: timedelta | None = None


def next_poll(now: datetime, policy: PollPolicy, last: LastPoll, *, chance: float) -> datetime:
    """Return when to poll again; ``chance`` in [0, 1) spreads feeds apart, and only ever adds (SC-03).

    Without validators every poll is a whole document: the longest interval, unless the operator says otherwise
    (SC-02). From the second failure on, each doubles the interval, up to the longest (ST-27). Retry-After is a minimum
    (ST-01, ST-08).
    """
    interval = min(max(_base(policy, last), policy.shortest), policy.longest)
    if last.failures:
        doublings = min(max(last.failures - 1, 0.0), _MOST_DOUBLINGS)
        interval = min(interval * 2**doublings, policy.longest)
    jitter = _BACKOFF_JITTER if last.failures else _JITTER
    wait = interval * (1 + jitter * chance)
    return now + max(wait, capped(last.retry_after) or timedelta())


def capped(retry_after: timedelta | None) -> timedelta | None:
    """Return Retry-After as far as it is obeyed."""
    return None if retry_after is None else min(retry_after, _LONGEST_RETRY_AFTER)


def _base(policy: PollPolicy, last: LastPoll) -> timedelta:
    if last.interval is not None:
        return last.interval
    # A failed poll tells nothing about validators; the backoff starts from the usual interval.
    return policy.usual if last.revalidates or last.failures else policy.longest
