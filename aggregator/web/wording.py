"""How times and durations are said to people."""

from datetime import date, datetime, timedelta
from itertools import accumulate
from unicodedata import east_asian_width

_WIDE = frozenset("WF")
_MOST_MINUTES, _MOST_HOURS = 60, 36  # that are said as such


def clock(moment: datetime) -> str:
    """Return the time of day."""
    return f"{moment:%H:%M}"


def day(moment: date) -> str:
    """Return the day of the week and the date."""
    return f"{moment:%A}, {moment.day} {moment:%B %Y}"


def stamp(moment: datetime) -> str:
    """Return date and time (UTC)."""
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def short(moment: datetime) -> str:
    """Return date and time, as little of them as can be."""
    return f"{moment.day} {moment:%b, %H:%M}"


def iso(moment: date) -> str:
    """Return a date or moment as programs read it."""
    return moment.isoformat()


def lasting(duration: timedelta) -> str:
    """Return a duration in the one unit that fits it: 1 min at least."""
    minutes = max(1, round(duration.total_seconds() / 60))
    if minutes < _MOST_MINUTES:
        return f"{minutes} min"
    hours = round(duration.total_seconds() / 3600)
    return f"{hours} h" if hours < _MOST_HOURS else f"{round(hours / 24)} days"


def cut(text: str, columns: int) -> str:
    """Return as much of a text as so many columns hold, an ideograph taking two; an ellipsis where there is more."""
    if len(text) * 2 <= columns:
        return text
    kept = min(len(text), columns) if text.isascii() else _fitting(text, columns)
    if kept == len(text):
        return text
    words, space, _ = text[:kept].rpartition(" ")
    return f"{words if space and len(words) > kept * 0.8 else text[:kept]}…"


def _fitting(text: str, columns: int) -> int:
    """Return how many letters of a text so many columns hold."""
    ends = accumulate(2 if east_asian_width(letter) in _WIDE else 1 for letter in text[: columns + 1])
    return sum(end <= columns for end in ends)
