"""What feeds say about when to come back."""

from datetime import timedelta

import pytest

from aggregator.model import FeedHints
from tests.parse.build import read, rss


def _hints(channel: str) -> FeedHints:
    return read(rss("<title>t</title>", channel=channel)).hints


@pytest.mark.parametrize(
    ("ttl", "minutes"),
    [("180", 180), (" 60 ", 60), ("0", None), ("-5", None), ("3h", None), ("", None), ("9" * 9, 525600)],
)
def test_ttl_is_minutes(ttl: str, minutes: int | None) -> None:
    """SC-14."""
    assert _hints(f"<ttl>{ttl}</ttl>").ttl == (timedelta(minutes=minutes) if minutes else None)


@pytest.mark.parametrize(
    ("period", "frequency", "hours"),
    [
        *(("hourly", "2", 0.5), (" Daily ", "1", 24), (None, "4", 6), ("weekly", None, 168), ("hourly", "", 1)),
        *(("hourly", "0.1", 10), ("hourly", "0", None), ("hourly", "-1", None), ("hourly", "nan", None)),
        *(("always", "1", None), ("dayly", "1", None), ("minutely", None, None), (None, None, None)),
        *(("yearly", "0.01", 8760), ("hourly", "x", None), ("hourly", "1e300", None)),
    ],
)
def test_the_period_is_divided_by_the_frequency(period: str | None, frequency: str | None, hours: float | None) -> None:
    """SC-16, SC-17."""
    channel = f"<sy:updatePeriod>{period}</sy:updatePeriod>" if period is not None else ""
    channel += f"<sy:updateFrequency>{frequency}</sy:updateFrequency>" if frequency is not None else ""
    assert _hints(channel).update_period == (timedelta(hours=hours) if hours else None)


@pytest.mark.parametrize(
    ("hours", "skipped"),
    [
        (["3", "4"], (3, 4)),
        (["24", "00", "-1", "x", "25", "7"], (0, 7)),
        ([str(hour) for hour in range(24)], ()),
        ([], ()),
    ],
)
def test_hours_to_skip(hours: list[str], skipped: tuple[int, ...]) -> None:
    """SC-19, SC-20."""
    listed = "\n".join(f"<hour> {hour} </hour>" for hour in hours)
    assert _hints(f"<skipHours>{listed}</skipHours>").skip_hours == skipped


def test_days_to_skip() -> None:
    """SC-21."""
    days = ("Monday", "Saturday", "Saterday", "sunday")
    assert _hints(f"<skipDays>{''.join(f'<day>{day}</day>' for day in days)}</skipDays>").skip_days == (0, 5, 6)
    week = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    assert _hints(f"<skipDays>{''.join(f'<day>{day}</day>' for day in week)}</skipDays>").skip_days == ()
