"""A feed's week as a picture: a row a day, Monday on top, darker where more is published (UTC)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from aggregator.model import Habit
from aggregator.schedule.outlook import week_of

_STEP = 4  # units from one hour, or day, to the next
_HEIGHT = 3
_SHADES = 3
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A drawing of 96 by 27 units, a path for each shade, and what it says."""

    paths: tuple[tuple[float, str], ...]  # opacity, bars
    says: str


def week(habit: Habit | None) -> Week | None:
    """Return the picture; None where too little is known."""
    hours = week_of(habit)
    if hours is None:
        return None
    most = max(map(max, hours))
    day, hour = max(((day, hour) for day in range(7) for hour in range(24)), key=lambda at: hours[at[0]][at[1]])
    bars: dict[float, list[str]] = {}
    for row, of_day in enumerate(hours):
        for start, width, shade in _row([each / most for each in of_day]):
            bars.setdefault(shade, []).append(
                f"M{start * _STEP} {row * _STEP}h{width * _STEP}v{_HEIGHT}h-{width * _STEP}"
            )
    return Week(
        paths=tuple((shade, "".join(drawn)) for shade, drawn in sorted(bars.items())),
        says=f"When it publishes, by hour (UTC) and day: most on {_DAYS[day]} from {hour}:00",
    )


def _row(parts: Sequence[float]) -> Iterator[tuple[int, int, float]]:
    """Yield the hours in a row that are shaded alike: the first, how many, how dark."""
    shades = [(hour, round(round(part * _SHADES) / _SHADES, 2)) for hour, part in enumerate(parts)]
    for shade, alike in groupby(shades, key=lambda each: each[1]):
        run = [hour for hour, _ in alike]
        if shade:
            yield run[0], len(run), shade
