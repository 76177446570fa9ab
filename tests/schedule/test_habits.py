"""Learning when a feed publishes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Habit
from aggregator.schedule.habits import begun, hours_of, watched
from aggregator.schedule.intensity import intensity
from tests.schedule.making import DAY, HOUR, MINUTE, NOW


def regular(gap: timedelta, count: int) -> Habit:
    """Return the habit of a feed whose entries came so far apart, the last of them now."""
    return begun([NOW - place * gap for place in range(count)][::-1], NOW)


@pytest.mark.parametrize("gap", [10 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY])
def test_the_first_document_gives_the_rate(gap: timedelta) -> None:
    """SC-34."""
    rate = intensity(regular(gap, 30)).rate
    assert 0.5 < rate * (gap / HOUR) < 1.8


def test_silence_slows_a_feed_down_and_news_bring_it_back() -> None:
    """SC-32, SC-34."""
    alive = regular(2 * HOUR, 30)
    rates = [intensity(watched(alive, (), NOW + days * DAY)).rate for days in (0, 1, 7, 14, 30)]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] < rates[0] / 10
    silent = watched(alive, (), NOW + 30 * DAY)
    news = [NOW + 30 * DAY + place * HOUR for place in range(6)]
    assert intensity(watched(silent, news, news[-1])).rate > 4 * rates[-1]


def test_hours_days_and_minutes_are_learnt() -> None:
    monday = NOW.replace(hour=9, minute=31) - timedelta(days=NOW.weekday())
    entries = [monday + week * 7 * DAY + day * DAY for week in range(10) for day in range(5)]
    expects = intensity(begun(entries, entries[-1]))
    assert max(range(24), key=lambda hour: expects.of_day[hour]) == 9
    assert min(expects.of_week[:5]) > max(expects.of_week[5:])
    assert expects.part(0.60) - expects.part(0.49) > 0.4


def test_days_of_a_busy_feed_are_learnt() -> None:
    """Of 200 entries a day a tally of the days would hold but one day, were all of them counted."""
    monday = NOW.replace(hour=9, minute=0) - timedelta(days=NOW.weekday())
    days = [monday + week * 7 * DAY + day * DAY for week in range(6) for day in range(5)]
    entries = [day + place * timedelta(minutes=2.5) for day in days for place in range(200)]
    expects = intensity(begun(entries, entries[-1]))
    assert max(expects.of_week[:5]) < 1.5 * min(expects.of_week[:5])
    assert min(expects.of_week[:5]) > 4 * max(expects.of_week[5:])
    assert min(expects.of_day[9:17]) > 4 * max(expects.of_day[18:])


def test_a_few_entries_say_little_of_hours() -> None:
    expects = intensity(begun([NOW - DAY, NOW], NOW))
    assert max(expects.of_day) < 2


@given(st.lists(st.timedeltas(timedelta(), 60 * DAY), max_size=80).map(sorted), st.timedeltas(timedelta(), 400 * DAY))
def test_what_is_expected_adds_up(ages: list[timedelta], later: timedelta) -> None:
    """Of any habit: as many as in the parts, and never fewer than none."""
    habit = begun([NOW - age for age in reversed(ages)], NOW)
    expects, since = intensity(habit), hours_of(NOW + later)
    first, second = expects.between(since, since + 5.3), expects.between(since + 5.3, since + 11.9)
    assert min(first, second) >= -1e-9
    assert expects.between(since, since + 11.9) == pytest.approx(first + second)
    for at, came in expects.marks(since, since + 11.9, 2.0):
        assert came == pytest.approx(expects.between(since, at), abs=1e-9)
