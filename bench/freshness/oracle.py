"""Schedules that know of every feed what ours has to learn, but not the future."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import sqrt

from aggregator.schedule import freshness
from aggregator.schedule.intensity import BINS, Intensity
from bench.freshness.simulate import Walls
from bench.freshness.trace import DAY, HOUR, Policy, Schedule, Trace

_WEEK = 7 * 24  # hours
_LEAST = 1e-4  # entries expected in an hour that never brought any


def rate_known(trace: Trace, scale: float) -> Schedule:
    """Each feed at the interval that is the cheapest for its true mean rate: the best without rhythm and memory."""
    entries = sum(trace.since < time <= trace.until for time in trace.times)
    interval = HOUR * scale / sqrt(max(entries, 0.5) / (trace.until - trace.since) * DAY)
    return lambda _visit: interval


def hours_known(walls: Walls) -> Policy:
    """Return our rule, told how much every week of the whole history brings, and which hours of a week bring it.

    That is more than there is to be learnt: where few entries came in an hour of the week it is those that are meant.
    """
    between = freshness.Walls(shortest=walls.shortest / HOUR, longest=walls.longest / HOUR)

    def policy(trace: Trace, scale: float) -> Schedule:
        expects = _known(trace)
        return lambda visit: (
            HOUR
            * freshness.best_wait(
                expects, visit.at / HOUR, between, price=scale**2, window=len(visit.dates), hint=visit.least / HOUR
            )
        )

    return policy


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known(Intensity):
    weeks: Mapping[int, int]  # entries
    parts: Mapping[int, float]  # of a week's entries, by its hour

    def in_hour(self, hour: int) -> float:
        return max(self.weeks.get(hour // _WEEK, 0) * self.parts.get(hour % _WEEK, 0.0), _LEAST)


def _known(trace: Trace) -> _Known:
    hours = Counter(int(time // HOUR) % _WEEK for time in trace.times)
    bins = Counter(int(time % HOUR * BINS // HOUR) for time in trace.times)
    entries = max(len(trace.times), 1)
    return _Known(
        rate=1.0,
        usual=1.0,
        of_day=(),
        of_week=(),
        within_hour=(0.0, *(part / entries for part in accumulate(bins[place] for place in range(BINS - 1))), 1.0),
        weeks=Counter(int(time // HOUR) // _WEEK for time in trace.times),
        parts={hour: count / entries for hour, count in hours.items()},
    )
