"""How often an origin may be asked: a function of what is known, what an answer said, and a random number.

Additive increase, multiplicative decrease: a refusal doubles the distance between two starts; every welcome answer adds
a fixed step to the rate, so that what one refusal took away is back after thirty-two. The bucket holds one token:
requests of one origin are spaced, never bunched (SC-25).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.model import Pace

SLOWEST = timedelta(minutes=5)  # the longest distance that is learnt; longer waits are ``not_before``
_LEAST_SLOW = timedelta(seconds=0.5)  # what doubling starts from
_STEPS = 64  # of a welcome, from nothing to the rate that was refused last
_LONGEST_WAIT = timedelta(hours=24)  # ST-03
_PAUSE_DELAYS = 30  # a refusal that names no time pauses the origin for so many of its new delays (ST-07)
_WAIT_JITTER = 0.1
_MOST_JITTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What one answer says about the pace."""

    started: datetime  # when it was asked for
    at: datetime  # when it came
    refused: bool = False  # it was told to slow down
    welcome: bool = False  # it was served
    wait: timedelta | None = None  # how long the server asks to be left alone
    spacing: timedelta | None = None  # between two requests, by the policy that the server states


def spacing_of(pace: Pace, usual: timedelta) -> timedelta:
    """Return the least distance between two starts; never less than the ``usual``."""
    return max(usual, pace.delay or timedelta())


def learn(pace: Pace, signal: Signal, usual: timedelta, *, chance: float) -> Pace:
    """Return what is known after an answer; ``usual`` is the configured distance.

    ``chance`` in [0, 1) makes waits longer by up to a tenth, never shorter, so that what waited together does not come
    back together.
    """
    if pace.slowed_at is not None and signal.started <= pace.slowed_at:
        learnt = pace  # on its way before the origin was slowed: says nothing about the new pace
    elif signal.refused:
        learnt = _slower(pace, signal.at, usual)
    elif signal.welcome:
        learnt = _faster(pace, usual)
    else:
        learnt = pace
    return _waiting(_stated(learnt, signal.spacing, usual), signal, usual, chance)


def _slower(pace: Pace, at: datetime, usual: timedelta) -> Pace:
    refused = max(spacing_of(pace, usual), _LEAST_SLOW)
    return replace(pace, delay=min(2 * refused, max(SLOWEST, usual)), refused=refused, slowed_at=at)


def _faster(pace: Pace, usual: timedelta) -> Pace:
    if pace.delay is None:
        return pace
    step = 1 / (_STEPS * (pace.refused or pace.delay).total_seconds())
    delay = timedelta(seconds=1 / (1 / pace.delay.total_seconds() + step))
    if delay <= max(usual, _LEAST_SLOW):
        return replace(pace, delay=None, refused=None)
    return replace(pace, delay=delay)


def _stated(pace: Pace, spacing: timedelta | None, usual: timedelta) -> Pace:
    if spacing is None or spacing <= max(spacing_of(pace, usual), _LEAST_SLOW):
        return pace
    spacing = min(spacing, max(SLOWEST, usual))
    return replace(pace, delay=spacing, refused=pace.refused or spacing)


def _waiting(pace: Pace, signal: Signal, usual: timedelta, chance: float) -> Pace:
    wait = signal.wait
    if wait is None and signal.refused:
        wait = _PAUSE_DELAYS * max(spacing_of(pace, usual), _LEAST_SLOW)
    if not wait:
        return pace
    wait = min(wait, _LONGEST_WAIT)
    until = signal.at + wait + min(wait * _WAIT_JITTER, _MOST_JITTER) * chance
    return replace(pace, not_before=max(pace.not_before or until, until))
