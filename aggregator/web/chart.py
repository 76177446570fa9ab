"""New stories per day as bars."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_HEIGHT = 24.0
_STEP = 5  # from one bar to the next
_WIDTH = 4
_LEAST = 1.5  # a bar that is seen at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A day with stories; the units are those of the drawing."""

    x: int
    y: float
    width: int
    height: float
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing of so many units, and what it says."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    total: int
    most: int
    days: int


def chart(counts: Iterable[tuple[date, int]], today: date, *, days: int) -> Chart:
    """Return the bars of the last days, today's the last."""
    known = dict(counts)
    dates = [today - timedelta(days=back) for back in range(days - 1, -1, -1)]
    shown = [known.get(day, 0) for day in dates]
    most = max(shown)
    return Chart(
        width=days * _STEP - (_STEP - _WIDTH),
        height=round(_HEIGHT),
        bars=tuple(
            _bar(place, day, count, most) for place, (day, count) in enumerate(zip(dates, shown, strict=True)) if count
        ),
        total=sum(shown),
        most=most,
        days=days,
    )


def _bar(place: int, day: date, count: int, most: int) -> Bar:
    height = max(_LEAST, round(_HEIGHT * count / most, 1))
    return Bar(
        x=place * _STEP, y=round(_HEIGHT - height, 1), width=_WIDTH, height=height, title=f"{day.isoformat()}: {count}"
    )
