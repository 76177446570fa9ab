"""What a plan comes to, and how long after their publication stories were found."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from statistics import median_low

from aggregator.store.planned import Applied, NewRecord, Plan


def applied(plan: Plan, now: datetime) -> Applied:
    """Return what carrying out a plan comes to."""
    return Applied(
        new=len(plan.new),
        updated=len(plan.updated),
        merged=len(plan.merged),
        retracted=len(plan.retracted),
        dropped=len(plan.dropped),
        delay=None if plan.backfill else middle_delay(plan.new, now),
    )


def middle_delay(new: Sequence[NewRecord], now: datetime) -> timedelta | None:
    """Return the middle one of the times from publication to ``now``; None where no story says when it was published.

    Dates that had to be guessed count for nothing, nor do those that name a day only.
    """
    delays = [now - at for at in map(_published, new) if at is not None and at <= now]
    return median_low(delays) if delays else None


def _published(story: NewRecord) -> datetime | None:
    at = story.draft.published_at
    # A day without a time of day is read as its first moment.
    is_vague = at is None or at.time() == time() or story.draft.details.get("date_flags")
    return None if is_vague else at
