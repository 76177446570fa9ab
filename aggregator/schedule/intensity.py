"""How many entries a feed is expected to publish when: its rate, and its hours, days and minutes (UTC)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from aggregator.model import Habit

BINS = 12  # of an hour
HALVES = 2  # of an entry, that tallies count in
# What is expected of a feed that nothing is known of: little enough to be forgotten after the first entries.
_PRIOR_ENTRIES, _PRIOR_HOURS = 0.3, 2.0
_RECENT = 2.0  # entries that the last day has to tell before it weighs as much as all that was before
# How many entries have to be seen before a feed's own hours, days and minutes weigh as much as no preference.
_BELIEF_DAY, _BELIEF_WEEK, _BELIEF_HOUR = 24.0, 24.0, 12.0
_KEPT = 64  # shapes: each is asked for two or three times in a poll
_THURSDAY = 3  # 1970-01-01


@dataclass(frozen=True, slots=True, kw_only=True)
class Intensity:
    """Expected entries; times are hours since 1970."""

    rate: float  # an hour, on average over a week
    usual: float  # the same, whatever the last day told
    of_day: tuple[float, ...]  # factors, 1 on average
    of_week: tuple[float, ...]
    within_hour: tuple[float, ...]  # the part of an hour's entries that came until the end of each bin, from 0 to 1

    def in_hour(self, hour: int) -> float:
        """Return the entries expected in a whole hour."""
        return self.rate * self.of_day[hour % 24] * self.of_week[(hour // 24 + _THURSDAY) % 7]

    def part(self, at: float) -> float:
        """Return the part of its hour's entries that came until ``at``."""
        place = (at % 1.0) * BINS
        left = min(int(place), BINS - 1)
        low, high = self.within_hour[left], self.within_hour[left + 1]
        return low + (high - low) * (place - left)

    def between(self, since: float, until: float) -> float:
        """Return the entries expected from ``since`` to ``until``, which is no more than weeks later."""
        first, last = math.floor(since), math.floor(until)
        whole = sum(self.in_hour(hour) for hour in range(first, last))
        return whole - self.in_hour(first) * self.part(since) + self.in_hour(last) * self.part(until)

    def marks(self, since: float, until: float, fine: float) -> Iterator[tuple[float, float]]:
        """Yield moments after ``since`` up to ``until``, and the entries expected from ``since`` to each.

        The ends of all bins for so many hours (``fine``); then those of the hours, and of the bin in which most comes.
        """
        busiest = max(range(BINS), key=lambda place: self.within_hour[place + 1] - self.within_hour[place]) + 1
        coarse = tuple(sorted({busiest, BINS}))
        all_bins = tuple(range(1, BINS + 1))
        hour = math.floor(since)
        came = -self.in_hour(hour) * self.part(since)
        while hour <= until:
            expected = self.in_hour(hour)
            for place in all_bins if hour < since + fine else coarse:
                at = hour + place / BINS
                if since < at <= until:
                    yield at, came + expected * self.within_hour[place]
            came += expected
            hour += 1


def intensity(habit: Habit) -> Intensity:
    """Return what is to be expected of a feed, as far as its habit tells."""
    usual = usual_rate(habit)
    recent = (habit.recent_count + _RECENT) / (habit.recent_hours + _RECENT / usual)
    return Intensity(
        rate=recent,
        usual=usual,
        of_day=_factors(habit.of_day, _BELIEF_DAY),
        of_week=_factors(habit.of_week, _BELIEF_WEEK),
        within_hour=_within_hour(habit.of_hour),
    )


def usual_rate(habit: Habit) -> float:
    """Return the entries an hour over the last weeks, as far as a habit tells."""
    return (habit.count + _PRIOR_ENTRIES) / (habit.hours + _PRIOR_HOURS)


@lru_cache(maxsize=_KEPT)
def _within_hour(tally: bytes) -> tuple[float, ...]:
    factors = _factors(tally, _BELIEF_HOUR)
    return (*accumulate((factor / BINS for factor in factors[:-1]), initial=0.0), 1.0)


@lru_cache(maxsize=_KEPT)
def _factors(tally: bytes, belief: float) -> tuple[float, ...]:
    """Return how much more is published in each bin than on average."""
    prior = belief * HALVES / len(tally)
    mean = sum(tally) / len(tally) + prior
    return tuple((seen + prior) / mean for seen in tally)
