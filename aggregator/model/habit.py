"""When a feed tends to publish."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What the dates of a feed's entries have told so far; in a store it takes less than 200 bytes.

    Counts and hours fade, so that what was long ago tells little; those called ``recent`` fade within a day. The
    tallies say when entries came, in halves of an entry: halved when one of them is full.
    """

    until: datetime  # it has been watched so far
    count: float = 0.0  # entries
    hours: float = 0.0  # in which they came
    recent_count: float = 0.0
    recent_hours: float = 0.0  # each worth what the feed usually publishes in it
    of_day: bytes = bytes(24)  # by the hour (UTC)
    of_week: bytes = bytes(7)  # by the day, Monday first (UTC)
    of_hour: bytes = bytes(12)  # by five minutes
