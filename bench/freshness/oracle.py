"""Bounds: schedules that know what no schedule can."""

from bisect import bisect_right
from math import sqrt

from bench.freshness.trace import DAY, HOUR, Schedule, Trace, Visit


def rate_known(trace: Trace, scale: float) -> Schedule:
    """Each feed at the interval that is the cheapest for its true mean rate: the best without rhythm and memory."""
    entries = sum(trace.since < time <= trace.until for time in trace.times)
    interval = HOUR * scale / sqrt(max(entries, 0.5) / (trace.until - trace.since) * DAY)
    return lambda _visit: interval


def future_known(trace: Trace, scale: float) -> Schedule:
    """Polls right behind the entry from which on the next gap is worth a request; ``scale`` is the root of the price.

    As ours does, but with the entries themselves in place of what is expected.
    """

    def wait(visit: Visit) -> float:
        first = bisect_right(trace.times, visit.at)
        best, least = DAY, float("inf")
        for place in range(first, len(trace.times)):
            at = trace.times[place] - visit.at
            if at > DAY or at > least:
                break
            cost = at + 2 * HOUR * scale**2 / (place + 1 - first)
            if cost < least:
                best, least = at + 1.0, cost
        return best

    return wait
