"""Hours and days at which a feed wants no polls."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import FeedHints
from aggregator.schedule.skipping import allowed

WEDNESDAY = datetime(2026, 6, 24, 3, 20, tzinfo=UTC)


def test_a_skipped_hour_moves_the_poll_into_the_next_allowed_one() -> None:
    """SC-19: 03:00–03:59 UTC; within the hour by chance, so that not all come at once."""
    hints = FeedHints(skip_hours=(3, 4))
    assert allowed(WEDNESDAY, hints, 0.0) == datetime(2026, 6, 24, 5, tzinfo=UTC)
    assert allowed(WEDNESDAY, hints, 0.5) == datetime(2026, 6, 24, 5, 30, tzinfo=UTC)
    assert allowed(WEDNESDAY.replace(hour=5), hints, 0.5) == WEDNESDAY.replace(hour=5)


def test_skipped_days_end_at_midnight() -> None:
    """SC-21: and hours hold on the day after too."""
    hints = FeedHints(skip_days=(2, 3), skip_hours=(0,))
    assert allowed(WEDNESDAY, hints, 0.0) == datetime(2026, 6, 26, 1, tzinfo=UTC)


def test_hints_that_leave_no_time_count_for_nothing() -> None:
    """SC-20, SC-21."""
    assert allowed(WEDNESDAY, FeedHints(skip_hours=tuple(range(24))), 0.0) == WEDNESDAY
    assert allowed(WEDNESDAY, FeedHints(skip_days=tuple(range(7))), 0.0) == WEDNESDAY


@given(
    hours=st.sets(st.integers(0, 23), max_size=23),
    days=st.sets(st.integers(0, 6), max_size=6),
    after=st.timedeltas(timedelta(), timedelta(days=7000)),
    chance=st.floats(0, 1, exclude_max=True),
)
def test_what_is_allowed_is_never_earlier_and_never_skipped(
    hours: set[int], days: set[int], after: timedelta, chance: float
) -> None:
    """SC-19, SC-21, SC-29: UTC everywhere, whatever summer time does elsewhere."""
    at = WEDNESDAY + after
    found = allowed(at, FeedHints(skip_hours=tuple(hours), skip_days=tuple(days)), chance)
    assert found >= at
    assert found.hour not in hours
    assert found.weekday() not in days
    assert found - at <= timedelta(days=7)
