"""What a feed's habit says, for people: a heat map of its week, and its next entry."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model import Feed, Habit
from aggregator.schedule.habits import hours_of
from aggregator.schedule.intensity import intensity

Week = tuple[tuple[float, ...], ...]  # of days, Monday first, of hours (UTC)

_DAYS, _HOURS = 7, 24
_LIKELY = 0.5  # entries that have to be expected for one to be spoken of
_FARTHEST = 14 * 24  # hours that are looked ahead
ENOUGH = 5.0  # entries that have to be seen before a week says anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How many entries are expected in each hour of a feed's week, and what that comes to."""

    week: Week
    a_day: float
    next_entry: datetime | None  # when half of one is expected; None: not within two weeks
    new_at_poll: float  # entries expected to be new when it is polled next

    @property
    def most(self) -> float:
        """Of its busiest hour."""
        return max(map(max, self.week))


def outlook(feed: Feed) -> Outlook | None:
    """Return it; None where too little is known."""
    habit = feed.rhythm.habit
    week = week_of(habit)
    if habit is None or week is None:
        return None
    expects, since = intensity(habit), hours_of(habit.until)
    marks = expects.marks(since, since + _FARTHEST, 0.0)
    likely = next((at - since for at, came in marks if came >= _LIKELY), None)
    return Outlook(
        week=week,
        a_day=24 * expects.rate,
        next_entry=None if likely is None else habit.until + timedelta(hours=likely),
        new_at_poll=expects.between(since, max(since, hours_of(feed.next_poll_at))),
    )


def week_of(habit: Habit | None) -> Week | None:
    """Return how many entries are expected in each hour of a week; None where too little is known."""
    if habit is None or habit.count < ENOUGH:
        return None
    expects = intensity(habit)
    return tuple(
        tuple(expects.rate * expects.of_week[day] * expects.of_day[hour] for hour in range(_HOURS))
        for day in range(_DAYS)
    )
