"""Our schedule, told what polls tell it in the daemon."""

from datetime import UTC, datetime

from aggregator.model import Habit
from aggregator.schedule import freshness
from aggregator.schedule.habits import begun, hours_of, watched
from aggregator.schedule.intensity import intensity
from bench.freshness.simulate import Walls
from bench.freshness.trace import HOUR, Policy, Schedule, Trace, Visit


def ours(walls: Walls) -> Policy:
    """The price, in entry-hours, is the square of the scale: intervals grow with its root."""
    between = freshness.Walls(shortest=walls.shortest / HOUR, longest=walls.longest / HOUR)

    def policy(_: Trace, scale: float) -> Schedule:
        habit: Habit | None = None

        def wait(visit: Visit) -> float:
            nonlocal habit
            now = datetime.fromtimestamp(visit.at, UTC)
            dates = [datetime.fromtimestamp(date, UTC) for date in visit.dates]
            habit = begun(dates, now) if habit is None else watched(habit, dates[len(dates) - visit.new :], now)
            hours = freshness.best_wait(
                intensity(habit),
                hours_of(now),
                between,
                price=scale**2,
                window=len(dates),
                hint=visit.least / HOUR,
            )
            return HOUR * hours

        return wait

    return policy
