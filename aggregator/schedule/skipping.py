"""Hours and days at which a feed asks to be left alone (SC-19…22)."""

from datetime import datetime, timedelta

from aggregator.model import FeedHints

_HOUR = timedelta(hours=1)
_HOURS_OF_A_WEEK = 7 * 24


def allowed(at: datetime, hints: FeedHints, chance: float) -> datetime:
    """Return ``at``, or a moment in the first allowed hour after it (UTC); ``chance`` in [0, 1) says which.

    Hints that leave no hour of the week count for nothing: no feed asks for that on purpose.
    """
    hour = at.replace(minute=0, second=0, microsecond=0)
    for later in range(_HOURS_OF_A_WEEK):
        if not _is_skipped(hour, hints):
            return hour + timedelta(seconds=int(3600 * chance)) if later else at
        hour += _HOUR
    return at


def _is_skipped(hour: datetime, hints: FeedHints) -> bool:
    return hour.hour in hints.skip_hours or hour.weekday() in hints.skip_days
