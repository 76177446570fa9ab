"""What a feed brought, day by day, as drawings of bars: new stories, and how late they came."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aggregator.store.browsing import Day
from aggregator.web.wording import lasting

_HEIGHT = 24
_STEP = 5  # from one bar to the next
_WIDTH = 4
_LEAST = 1.5  # a bar that is seen at all
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing of so many units as one path, what it is called, and what it says to those who do not see it."""

    width: int
    height: int
    path: str
    caption: str
    title: str
    description: str


def charts(days: Sequence[Day], today: date, *, last: int) -> tuple[Chart, ...]:
    """Return the drawings of the ``last`` days, today's bar the last: of new stories and, where known, of delays.

    There are none where nothing was found.
    """
    known = {each.day: each for each in days if today - each.day < last * _ONE_DAY}
    if not known:
        return ()
    counts = {day: float(each.new) for day, each in known.items()}
    delays = {day: each.delay.total_seconds() for day, each in known.items() if each.delay is not None}
    return (_of_counts(counts, today, last), *([_of_delays(delays, today, last)] if delays else []))


def _of_counts(counts: Mapping[date, float], today: date, last: int) -> Chart:
    total, most = f"{sum(counts.values()):,.0f}", f"{max(counts.values()):,.0f}"
    title = f"New stories a day in the last {last} days: {total} in all, {most} at most"
    return _chart(counts, today, last, said="{:.0f}".format, caption=f"{total} new in {last} days", title=title)


def _of_delays(delays: Mapping[date, float], today: date, last: int) -> Chart:
    usual, most = _said(sum(delays.values()) / len(delays)), _said(max(delays.values()))
    title = f"Delay from publication to here in the last {last} days: {usual} on average, {most} at most"
    return _chart(delays, today, last, said=_said, caption=f"{usual} delay", title=title)


def _chart(
    values: Mapping[date, float],
    today: date,
    last: int,
    *,
    said: Callable[[float], str],
    caption: str,
    title: str,
) -> Chart:
    dates = [today - back * _ONE_DAY for back in range(last - 1, -1, -1)]
    most = max(values.values())
    told = ", ".join(said(values[day]) if day in values else "–" for day in dates)
    return Chart(
        width=last * _STEP - (_STEP - _WIDTH),
        height=_HEIGHT,
        path="".join(_bar(place, values[day] / (most or 1)) for place, day in enumerate(dates) if day in values),
        caption=caption,
        title=title,
        description=f"From {dates[0].isoformat()} on: {told}",
    )


def _bar(place: int, share: float) -> str:
    height = max(_LEAST, round(_HEIGHT * share, 1))
    return f"M{place * _STEP} {_HEIGHT}v-{height:g}h{_WIDTH}v{height:g}"


def _said(seconds: float) -> str:
    return lasting(timedelta(seconds=seconds))
