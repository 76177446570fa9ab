"""Retry-After: how long a server asks us to stay away (ST-01…05, ST-08)."""

from datetime import datetime, timedelta

from aggregator.text.http_date import http_date

_LONGEST = timedelta(hours=24)
_MOST_DIGITS = 9  # more seconds than that are beyond the cap anyway


def retry_after(value: str | None, *, date: str | None, now: datetime) -> timedelta | None:
    """Return the time asked for, between nothing and 24 h; None where nothing readable is asked.

    An HTTP date is taken relative to the answer's ``date``, so that a server whose clock is off is still understood;
    to ``now`` where that is missing.
    """
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():  # int() alone would read digits of any script (ST-04)
        return _LONGEST if len(value) > _MOST_DIGITS else min(_LONGEST, timedelta(seconds=int(value)))
    until = http_date(value)
    if until is None:
        return None
    since = http_date(date) if date else None
    return max(timedelta(0), min(_LONGEST, until - (since or now)))
