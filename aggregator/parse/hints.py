"""What a feed says about when to come back (SC-14…21)."""

import re
from collections.abc import Mapping
from datetime import timedelta

from aggregator.model import FeedHints

_YEAR = timedelta(days=365)
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": _YEAR,
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SKIPPED = re.compile(
    r"<skip(hours|days)\b[^<>]*>([^<]*(?:</?(?:hour|day)\b[^<]*)*)</skip(?:hours|days)", re.IGNORECASE
)
_VALUE = re.compile(r">\s*([^<>\s]{1,12})\s*<")


def read_hints(feed: Mapping[str, object], text: str) -> FeedHints:
    """Return the hints of a feed as feedparser read it; what makes no sense is left out. ``text`` is its document.

    feedparser keeps the last of several hours, so those are read from the text.
    """
    skipped: dict[str, list[str]] = {"hours": [], "days": []}
    if "<skip" in text:
        for match in _SKIPPED.finditer(text):
            skipped[match[1].lower()] += _VALUE.findall(match[2])
    return FeedHints(
        ttl=_ttl(feed.get("ttl")),
        update_period=_update_period(feed.get("sy_updateperiod"), feed.get("sy_updatefrequency")),
        skip_hours=_hours(skipped["hours"]),
        skip_days=_days(skipped["days"]),
    )


def _ttl(value: object) -> timedelta | None:
    """Whole minutes above zero, a year at most (SC-14)."""
    minutes = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"[0-9]{1,9}", minutes, re.ASCII) or not int(minutes):
        return None
    return min(timedelta(minutes=int(minutes)), _YEAR)


def _update_period(period: object, frequency: object) -> timedelta | None:
    """The period divided by the frequency; daily and once unless said otherwise (SC-16, SC-17)."""
    if not isinstance(period, str) and not isinstance(frequency, str):
        return None
    length = _PERIODS.get(period.strip().lower() if isinstance(period, str) else "daily")
    try:
        times = float(frequency if isinstance(frequency, str) and frequency.strip() else 1)
    except ValueError:
        return None
    if length is None or not 0.001 <= times <= 100_000:
        return None
    return min(length / times, _YEAR)


def _hours(values: list[str]) -> tuple[int, ...]:
    """0–23 in order; 24 is Netscape's midnight; all of them are none (SC-20)."""
    hours = sorted({int(value) % 24 for value in values if re.fullmatch(r"0?[0-9]|1[0-9]|2[0-4]", value, re.ASCII)})
    return () if len(hours) == 24 else tuple(hours)


def _days(values: list[str]) -> tuple[int, ...]:
    """Monday is 0; all seven are none (SC-21)."""
    days = sorted({_DAYS.index(value.lower()) for value in values if value.lower() in _DAYS})
    return () if len(days) == 7 else tuple(days)
