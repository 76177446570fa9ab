"""Learning when a feed publishes, from the dates of its entries and from the polls that found none."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aggregator.model import Habit
from aggregator.schedule.intensity import BINS, HALVES, intensity, usual_rate

_HOUR = timedelta(hours=1)
_GOLDEN = 2654435769  # 2**32 by the golden ratio: multiples of it fall evenly
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MEMORY, _RECENT_MEMORY = 28 * 24.0, 24.0  # hours after which what was seen counts 1/e
_A_DAY, _A_WEEK = 24.0, 7 * 24.0  # hours to watch before hours of a day, or days of a week, can be compared
# Of busier feeds only so many entries an hour are tallied: of all of them, tallies hold but a day, and no week.
_TALLIED = 0.75
_LONGEST_LOOK = 14 * 24.0  # hours at once: a longer silence is much the same


def hours_of(moment: datetime) -> float:
    """Return a moment as hours since 1970."""
    return (moment - _EPOCH) / _HOUR


def begun(entries: Sequence[datetime], until: datetime) -> Habit:
    """Return the habit of a feed whose first document has ``entries``, in the order of time."""
    return watched(Habit(until=entries[0] if entries else until), entries[1:], until)


def watched(habit: Habit, entries: Iterable[datetime], until: datetime, *, undated: int = 0) -> Habit:
    """Return the habit after ``entries`` came, in the order of time, and no others until ``until``.

    ``undated`` more came, nobody knows when: they say nothing of hours.
    """
    for entry in entries:
        habit = _counted(_passed(habit, entry), entry)
    habit = _passed(habit, until)
    return replace(habit, count=habit.count + undated, recent_count=habit.recent_count + undated) if undated else habit


def _passed(habit: Habit, until: datetime) -> Habit:
    """Return the habit after a time without entries; a clock that went back is no time."""
    span = (until - habit.until) / _HOUR
    if span <= 0:
        return habit
    since = hours_of(habit.until)
    expects = intensity(habit)
    look = min(span, _LONGEST_LOOK)
    worth = expects.between(since, since + look) / expects.rate / look  # of an hour of that time
    kept, recently_kept = math.exp(-span / _MEMORY), math.exp(-span / _RECENT_MEMORY)
    return replace(
        habit,
        until=until,
        count=habit.count * kept,
        hours=habit.hours * kept + _MEMORY * (1 - kept),
        recent_count=habit.recent_count * recently_kept,
        recent_hours=habit.recent_hours * recently_kept + worth * _RECENT_MEMORY * (1 - recently_kept),
    )


def _counted(habit: Habit, entry: datetime) -> Habit:
    counted = replace(habit, count=habit.count + 1, recent_count=habit.recent_count + 1)
    if not _is_sampled(entry, _TALLIED / usual_rate(habit)):
        return counted
    return replace(
        counted,
        of_day=_tallied(habit.of_day, entry.hour) if habit.hours >= _A_DAY else habit.of_day,
        of_week=_tallied(habit.of_week, entry.weekday()) if habit.hours >= _A_WEEK else habit.of_week,
        of_hour=_tallied(habit.of_hour, entry.minute * BINS // 60),
    )


def _is_sampled(entry: datetime, part: float) -> bool:
    """Whether an entry is among so many of all, chosen by its date as if by chance."""
    return part >= 1 or int(entry.timestamp()) * _GOLDEN % 2**32 < part * 2**32


def _tallied(tally: bytes, place: int) -> bytes:
    counts = list(tally)
    if counts[place] + HALVES > 255:
        counts = [count // 2 for count in counts]
    counts[place] += HALVES
    return bytes(counts)
