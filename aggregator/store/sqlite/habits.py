"""A feed's habit as text: some 140 characters."""

from base64 import b64decode, b64encode

from aggregator.model import Habit
from aggregator.store.sqlite.values import moment, stamp

_HOURS, _DAYS = 24, 7


def habit_text(habit: Habit | None) -> str | None:
    """Return what ``read_habit`` reads: numbers to five places, then the tallies."""
    if habit is None:
        return None
    numbers = (habit.count, habit.hours, habit.recent_count, habit.recent_hours)
    tallies = habit.of_day + habit.of_week + habit.of_hour
    return "/".join((stamp(habit.until), *(f"{number:.5g}" for number in numbers), b64encode(tallies).decode()))


def read_habit(text: str | None) -> Habit | None:
    """Return the habit; None where there is none."""
    if text is None:
        return None
    until, count, hours, recent_count, recent_hours, packed = text.split("/", 5)
    tallies = b64decode(packed)
    return Habit(
        until=moment(until),
        count=float(count),
        hours=float(hours),
        recent_count=float(recent_count),
        recent_hours=float(recent_hours),
        of_day=tallies[:_HOURS],
        of_week=tallies[_HOURS : _HOURS + _DAYS],
        of_hour=tallies[_HOURS + _DAYS :],
    )
