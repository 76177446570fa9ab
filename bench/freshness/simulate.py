"""Polls a history by a schedule, in virtual time."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.freshness.trace import DAY, HOUR, Policy, Schedule, Trace, Visit

_HEAD = 350  # bytes of a 304
_ENTRY = 1500  # bytes of an entry on the wire, compressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Walls:
    """Seconds that lie between two polls of a feed at least and at most, whatever a schedule says (SC-15)."""

    shortest: float = HOUR
    longest: float = DAY


@dataclass(slots=True, kw_only=True)
class Score:
    """What polling came to. Sums are a day's: those of a feed are divided by the days that it was polled."""

    requests: float = 0.0
    bytes: float = 0.0
    lost: float = 0.0
    entries: float = 0.0
    waits: list[tuple[float, float]] = field(default_factory=list)  # seconds from publication to discovery, weight

    @property
    def mean(self) -> float:
        """Seconds that an entry waits."""
        return sum(wait * weight for wait, weight in self.waits) / sum(weight for _, weight in self.waits)

    def quantile(self, part: float) -> float:
        """Seconds that so many of the entries wait at most."""
        left = part * sum(weight for _, weight in self.waits)
        for wait, weight in sorted(self.waits):
            left -= weight
            if left <= 0:
                return wait
        return max(self.waits)[0]


def score(traces: Iterable[Trace], policy: Policy, scale: float, walls: Walls) -> Score:
    """Return what a policy comes to over all traces."""
    total = Score()
    for trace in traces:
        polled(trace, policy(trace, scale), walls, total)
    return total


def polled(trace: Trace, schedule: Schedule, walls: Walls, total: Score) -> None:
    """Poll one feed from its beginning to its end, and once more to see what is left; add what that comes to."""
    weight = trace.weight / trace.days
    at, before, known = trace.since, None, bisect_right(trace.times, trace.since)
    first = True
    while True:
        here = bisect_right(trace.times, at)
        dates = trace.times[max(0, here - trace.window) : here]
        new = here - known
        if not first:
            _find(trace.times[known:here], at, trace.window, weight, total)
            total.bytes += weight * (_ENTRY * len(dates) + _HEAD if new else _HEAD)
            total.requests += weight
        if at >= trace.until:
            return
        wait = schedule(Visit(at=at, dates=dates, new=min(new, len(dates)), before=before, least=trace.least))
        known, before, first = here, at, False
        at += min(max(wait, walls.shortest, min(trace.least, walls.longest)), walls.longest)


def _find(new: Sequence[float], at: float, window: int, weight: float, total: Score) -> None:
    lost = max(0, len(new) - window)
    total.lost += weight * lost
    total.entries += weight * len(new)
    total.waits += [(at - time, weight) for time in new]  # to lose entries must not look fresh
