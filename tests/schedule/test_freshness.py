"""When a poll is worth its price."""

import math
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Habit
from aggregator.schedule.freshness import Walls, best_wait
from aggregator.schedule.habits import begun, hours_of, watched
from aggregator.schedule.intensity import Intensity, intensity
from tests.schedule.making import DAY, HOUR, MINUTE, NOW

WALLS = Walls(shortest=1.0, longest=24.0)
OPEN = Walls(shortest=1 / 60, longest=24.0)
EVEN = tuple(place / 12 for place in range(13))

tallies = st.lists(st.integers(0, 255), min_size=24, max_size=24).map(bytes)
habits = st.builds(
    Habit,
    until=st.just(NOW),
    count=st.floats(0, 1e4),
    hours=st.floats(0, 1e4),
    recent_count=st.floats(0, 1e3),
    recent_hours=st.floats(0, 24),
    of_day=tallies,
    of_week=tallies.map(lambda tally: tally[:7]),
    of_hour=tallies.map(lambda tally: tally[:12]),
)
prices = st.floats(1e-6, 1e6)


def even(rate: float) -> Intensity:
    """Return a feed of so many entries an hour that knows neither day nor night."""
    return Intensity(rate=rate, usual=rate, of_day=(1.0,) * 24, of_week=(1.0,) * 7, within_hour=EVEN)


def daily(hour: int, minute: int = 0, days: int = 60) -> Habit:
    """Return the habit of a feed that published three entries every day at that time."""
    first = NOW.replace(hour=hour, minute=minute) - days * DAY
    entries = [first + day * DAY + place * MINUTE for day in range(days) for place in range(3)]
    return begun(entries, entries[-1] + 2 * HOUR)


@given(
    habits,
    prices,
    st.builds(lambda low, more: Walls(shortest=low, longest=low + more), st.floats(1 / 3600, 23), st.floats(0.1, 100)),
    st.integers(0, 1000),
    st.floats(0, 200),
)
def test_a_wait_is_never_outside_the_walls(habit: Habit, price: float, walls: Walls, window: int, hint: float) -> None:
    """SC-15: floor and cap are hard."""
    wait = best_wait(intensity(habit), hours_of(NOW) + hint, walls, price=price, window=window, hint=hint)
    assert walls.shortest <= wait <= walls.longest


@given(habits, prices, prices, st.floats(0, 200), st.floats(0, 10))
def test_a_higher_price_never_shortens_a_wait(
    habit: Habit, one: float, other: float, later: float, hint: float
) -> None:
    expects, since = intensity(habit), hours_of(NOW) + later
    cheap = best_wait(expects, since, WALLS, price=min(one, other), window=20, hint=hint)
    dear = best_wait(expects, since, WALLS, price=max(one, other), window=20, hint=hint)
    assert cheap <= dear + 1e-6


@pytest.mark.parametrize(("rate", "price"), [(0.04, 0.33), (0.5, 0.33), (0.04, 2.0), (2.0, 8.0)])
def test_a_feed_without_rhythm_has_the_cheapest_interval(rate: float, price: float) -> None:
    """Cho and Garcia-Molina 2003: where the price of a request is that of waiting meanwhile."""
    wait = best_wait(even(rate), hours_of(NOW), OPEN, price=price)
    assert wait == pytest.approx(min(math.sqrt(2 * price / rate), 24.0), abs=0.55)


def test_a_batch_is_fetched_right_behind_it() -> None:
    """SC-35: a feed that publishes at nine is polled a few minutes past nine."""
    habit = daily(9)
    at = hours_of(habit.until) + best_wait(intensity(habit), hours_of(habit.until), WALLS, price=4.0)
    assert 0 < at % 24 - 9 <= 0.2
    late = daily(9, minute=30)
    at = hours_of(late.until) + best_wait(intensity(late), hours_of(late.until), WALLS, price=4.0)
    assert 0 < at % 24 - 9.5 <= 0.2


def test_a_hint_does_not_make_a_batch_wait() -> None:
    """SC-35: a poll at four, and none for six hours after it, would find the batch of nine at ten."""
    habit = daily(9)
    at_ten = habit.until - timedelta(hours=1)
    since = hours_of(at_ten) + 12  # at ten in the evening
    wait = best_wait(intensity(habit), since, OPEN, price=0.001, hint=6.0)
    assert (since + wait) % 24 + 6 <= 9.2 or 9 <= (since + wait) % 24 <= 9.2
    assert best_wait(intensity(habit), since, OPEN, price=0.001) < 6.0


def test_a_feed_that_was_livelier_than_of_late_is_read_sooner() -> None:
    """SC-33: what falls silent may wake up."""
    calm = replace(even(1.0), usual=4.0)
    assert best_wait(calm, hours_of(NOW), WALLS, price=1000.0, window=80) == pytest.approx(5.0, abs=0.1)
    assert best_wait(even(1.0), hours_of(NOW), WALLS, price=1000.0, window=80) == pytest.approx(20.0, abs=0.1)


def test_a_document_is_read_before_it_is_replaced() -> None:
    """SC-33: however dear a request is."""
    assert best_wait(even(10.0), hours_of(NOW), WALLS, price=1000.0, window=200) == pytest.approx(5.0, abs=0.1)
    assert best_wait(even(10.0), hours_of(NOW), WALLS, price=1000.0, window=10) == 1.0
    assert best_wait(even(10.0), hours_of(NOW), WALLS, price=1000.0) > 10


@given(st.floats(0.5, 40), st.floats(0.05, 5))
def test_a_regular_feed_is_polled_regularly(gap: float, price: float) -> None:
    """No oscillation: the waits of a feed that publishes every so many hours stay near each other."""
    entries = [NOW + place * timedelta(hours=gap) for place in range(120)]
    habit, place, waits = begun(entries[:30], entries[29]), 30, []
    now = entries[29]
    for _ in range(60):
        wait = best_wait(intensity(habit), hours_of(now), WALLS, price=price)
        waits.append(wait)
        now += timedelta(hours=wait)
        found = [entry for entry in entries[place:] if entry <= now]
        place += len(found)
        habit = watched(habit, found, now)
        if place == len(entries):
            break
    settled = waits[len(waits) // 3 :]
    half = len(settled) // 2
    if half > 5:
        early, late = sum(settled[:half]) / half, sum(settled[-half:]) / half
        assert 0.6 < early / late < 1.6


@given(habits, st.timedeltas(-400 * DAY, 400 * DAY))
def test_a_clock_that_jumps_leaves_a_habit_usable(habit: Habit, jump: timedelta) -> None:
    """SC-28: time that goes back is no time; a year without entries is a year without entries."""
    now: datetime = NOW + jump
    after = watched(habit, (), now)
    assert after.until == max(NOW, now)
    assert after.count <= habit.count
    back = watched(after, (now,), NOW)
    assert 1.0 <= best_wait(intensity(back), hours_of(NOW), WALLS, price=0.3) <= 24.0
