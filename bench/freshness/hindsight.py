"""The best that can be done: schedules made by who knows the future."""

import heapq
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, inf

from bench.freshness.simulate import Walls
from bench.freshness.trace import DAY, HOUR, Policy, Schedule, Trace

_BEHIND = 1.0  # seconds between an entry and a poll right behind it
_GRID = 60.0  # seconds to which moments are rounded up that no entry names, so that there are not too many
_LOST = DAY  # seconds of waiting that a lost entry counts for


def future_known(walls: Walls) -> Policy:
    """Return the policy that makes the best of all schedules within the walls; ``scale`` is the root of the price."""

    def policy(trace: Trace, scale: float) -> Schedule:
        following = iter(best_polls(trace, walls, HOUR * scale**2)[1:])
        return lambda visit: next(following) - visit.at

    return policy


@dataclass(frozen=True, slots=True)
class _Past:
    """Counts and sums of the entries until a moment."""

    times: Sequence[float]
    sums: Sequence[float]
    window: int

    def cost(self, since: float, until: float) -> float:
        first, last = bisect_right(self.times, since), bisect_right(self.times, until)
        waits = (last - first) * until - (self.sums[last] - self.sums[first])
        return waits + _LOST * max(0, last - first - self.window)


def best_polls(trace: Trace, walls: Walls, price: float) -> list[float]:
    """Return when to poll so that waiting, losses and requests, each ``price`` seconds, cost the least together.

    Every poll is as early as what it finds allows: right behind an entry, or as soon as the walls let it. Over these
    moments the cheapest way from the first poll to the end is found as in any graph without cycles, in the order of
    time.
    """
    least = max(walls.shortest, min(trace.least, walls.longest))
    past = _Past(trace.times, [0.0, *accumulate(trace.times)], trace.window)
    moments = [time + _BEHIND for time in trace.times if trace.since < time < trace.until]
    moments.append(trace.until + _BEHIND)
    best = {trace.since: (0.0, trace.since)}
    ahead = [trace.since]
    while ahead[0] < trace.until:
        at = heapq.heappop(ahead)
        paid = best[at][0]
        for then in _candidates(at, moments, least, walls.longest, price):
            cost = paid + price * ceil((then - at) / walls.longest) + past.cost(at, then)
            if then not in best:
                heapq.heappush(ahead, then)
            elif best[then][0] <= cost:
                continue
            best[then] = (cost, at)
    end = min((then for then in best if then >= trace.until), key=lambda then: best[then][0])
    return list(_way(best, end, walls.longest))[::-1]


def _candidates(at: float, moments: Sequence[float], least: float, longest: float, price: float) -> Iterator[float]:
    """Yield when the poll after one may be: until it is sure that one between the two would pay."""
    first, place = bisect_right(moments, at), bisect_right(moments, at + least)
    horizon = inf
    if place > first:
        soonest = ceil((at + least) / _GRID) * _GRID
        yield soonest
        horizon = soonest + max(least, price / (place - first))
        place = bisect_right(moments, soonest)
    for then in range(place, len(moments)):
        moment = moments[then]
        if then > first and (moment > horizon or moment > at + longest):
            return
        yield moment
        horizon = min(horizon, moment + max(least, price / (then + 1 - first)))


def _way(best: Mapping[float, tuple[float, float]], end: float, longest: float) -> Iterator[float]:
    """Yield the polls of the cheapest way, last first, with those that only the longest wait asks for."""
    at = end
    while True:
        before = best[at][1]
        yield at
        if before == at:
            return
        steps = ceil((at - before) / longest)
        for step in range(steps - 1, 0, -1):
            yield before + (at - before) * step / steps
        at = before
