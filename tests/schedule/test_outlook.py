"""A feed's habit, for people."""

from aggregator.model import Habit, Rhythm
from aggregator.schedule.habits import begun
from aggregator.schedule.outlook import outlook
from tests.schedule.making import DAY, HOUR, MINUTE, NOW, a_feed


def test_the_outlook_shows_the_busy_hours_and_the_next_entry() -> None:
    nine = NOW.replace(hour=9) - 40 * DAY
    habit = begun([nine + day * DAY + place * MINUTE for day in range(40) for place in range(2)], NOW - DAY)
    feed = a_feed(rhythm=Rhythm(habit=habit), next_poll_at=NOW - 2 * HOUR)
    found = outlook(feed)
    assert found is not None
    assert [max(range(24), key=lambda hour, row=row: row[hour]) for row in found.week] == [9] * 7  # type: ignore[misc]
    assert found.most == found.week[0][9] or found.most in {row[9] for row in found.week}
    assert found.next_entry is not None
    assert NOW - 4 * HOUR < found.next_entry < NOW - 2 * HOUR
    assert 0.5 < found.new_at_poll < found.a_day < 3


def test_without_enough_entries_there_is_no_outlook() -> None:
    assert outlook(a_feed()) is None
    assert outlook(a_feed(rhythm=Rhythm(habit=begun([NOW - HOUR, NOW], NOW)))) is None
    silent = outlook(a_feed(rhythm=Rhythm(habit=Habit(until=NOW, count=6.0, hours=1e6, recent_hours=1e3))))
    assert silent is not None
    assert silent.next_entry is None
