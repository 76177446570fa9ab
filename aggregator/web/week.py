"""A feed's week as a picture: a row a day, Monday on top, darker where more is published (UTC)."""

from dataclasses import dataclass
from itertools import groupby

from aggregator.model import Habit
from aggregator.schedule.outlook import week_of

_STEP = 4  # units from one hour, or day, to the next
_SHADES = 5
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Hours in a row that are shaded alike."""

    x: int
    y: int
    width: int
    shade: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A drawing of 96 by 28 units, and what it says."""

    cells: tuple[Cell, ...]
    says: str


def week(habit: Habit | None) -> Week | None:
    """Return the picture; None where too little is known."""
    hours = week_of(habit)
    if hours is None:
        return None
    most = max(map(max, hours))
    day, hour = max(((day, hour) for day in range(7) for hour in range(24)), key=lambda at: hours[at[0]][at[1]])
    return Week(
        cells=tuple(cell for row, of_day in enumerate(hours) for cell in _row(row, [each / most for each in of_day])),
        says=f"When it publishes, by hour (UTC) and day: most on {_DAYS[day]} from {hour}:00",
    )


def _row(row: int, parts: list[float]) -> list[Cell]:
    shades = [(hour, round(part * _SHADES) / _SHADES) for hour, part in enumerate(parts)]
    cells = []
    for shade, alike in groupby(shades, key=lambda each: each[1]):
        run = [hour for hour, _ in alike]
        if shade:
            cells.append(Cell(x=run[0] * _STEP, y=row * _STEP, width=len(run) * _STEP, shade=shade))
    return cells
