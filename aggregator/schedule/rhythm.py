"""What a feed's answers teach about its rhythm (SC-32…36)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.model import Digest, Feed, Fetched, Habit, NotModified, Rhythm
from aggregator.schedule.caching import freshness, states_freshness
from aggregator.schedule.freshness import Walls, best_wait
from aggregator.schedule.habits import begun, hours_of, watched
from aggregator.schedule.intensity import intensity
from aggregator.schedule.policy import PollPolicy

_NOTHING, _HOUR = timedelta(0), timedelta(hours=1)
_LATEST = 20  # publications that the mean gap is taken over: an old pinned entry does not count
_MOST_DATES = 100  # of one document that are learnt from: it may have ten thousand
_LATENESS = 4  # a poll later than this part of its wait has lost its place
_FIRST_DAY = 24.0  # hours to watch a feed without dates before silence says anything
_REMEMBERED = 28 * 24.0  # hours that a mean gap may stand for


def learnt(feed: Feed, answer: Fetched | NotModified, read: Digest | None, policy: PollPolicy, now: datetime) -> Rhythm:
    """Return the feed's rhythm after a success; ``read`` is None where the document is the one that was known."""
    rhythm = feed.rhythm
    if isinstance(answer, Fetched) or states_freshness(answer.headers):
        fresh = freshness(answer.headers, now)
        rhythm = replace(rhythm, fresh_for=fresh.fresh_for, fresh_by=fresh.fresh_by)
    if isinstance(answer, Fetched):
        rhythm = replace(rhythm, body_at=now)
    if read is None:
        return _paced(
            replace(rhythm, habit=watched(rhythm.habit or _recalled(rhythm, now), (), now)), feed, policy, now
        )
    entries = len(read.drafts) + len(read.known) - read.filled
    undated = now if entries > read.met and feed.digested_at else rhythm.newest_at
    rhythm = replace(
        rhythm,
        hints=read.hints,
        gap=mean_gap(read.dates) or rhythm.gap,
        newest_at=read.dates[0] if read.dates else undated,
        entries=entries,
        habit=_habit(feed, read, max(entries - read.met, 0), now),
    )
    if not entries and rhythm.newest_at is None:  # never had one (SC-36)
        return replace(rhythm, pace=policy.longest, price=None)
    return _paced(rhythm, feed, policy, now)


def mean_gap(dates: Sequence[datetime]) -> timedelta | None:
    """Return the mean time between the latest publications of ``dates``, newest first; None without two of them."""
    latest = dates[:_LATEST]
    span = latest[0] - latest[-1] if latest else _NOTHING
    return span / (len(latest) - 1) if span else None


def is_on_time(feed: Feed, started: datetime) -> bool:
    """Whether a poll came when the schedule meant it to: not the first, not asked for, and not much delayed.

    Any other comes in a crowd: of feeds added together, or of those that an outage held up (SC-23, SC-24).
    """
    if feed.last_poll_at is None or feed.asked:
        return False
    return started - feed.next_poll_at <= (feed.next_poll_at - feed.last_poll_at) / _LATENESS


def _paced(rhythm: Rhythm, feed: Feed, policy: PollPolicy, now: datetime) -> Rhythm:
    """Return the rhythm with the wait that is worth its price after a poll that ended now.

    While nothing is known it stays what it is, within the walls, or is the usual one.
    """
    habit = rhythm.habit
    if habit is None or (not habit.count and habit.hours < _FIRST_DAY):
        return replace(rhythm, pace=policy.within(rhythm.pace or policy.usual), price=None)
    expects = intensity(habit)
    price = min((policy.price, *(2 * expects.rate * wanted**2 for wanted in _wanted(feed, policy))))
    walls = Walls(shortest=policy.shortest / _HOUR, longest=policy.longest / _HOUR)
    wait = best_wait(expects, hours_of(now), walls, price=price, window=rhythm.entries, hint=_hint(rhythm))
    return replace(rhythm, pace=policy.within(timedelta(hours=wait)), price=price)


def _hint(rhythm: Rhythm) -> float:
    """Return how many hours the feed and its server ask for."""
    asked = (rhythm.fresh_for, rhythm.hints.ttl, rhythm.hints.update_period)
    return max((wait / _HOUR for wait in asked if wait is not None), default=0.0)


def _wanted(feed: Feed, policy: PollPolicy) -> list[float]:
    """Return how many hours entries of the feed may wait on average, as its tags say.

    With one interval, sqrt(2 * price / rate), they wait for half of it: that names the price.
    """
    return [policy.freshness[tag] / _HOUR for tag in feed.tags if tag in policy.freshness]


def _habit(feed: Feed, read: Digest, fresh: int, now: datetime) -> Habit:
    """Return the habit after a document with so many fresh entries.

    A date is believed where it lies between the last look and this one: whatever else it says, the entry was not there
    before.
    """
    known = feed.rhythm.habit
    if known is None or feed.digested_at is None:
        return begun(read.dates[_MOST_DATES - 1 :: -1], now)
    dates = [date for date in read.dates[: min(fresh, _MOST_DATES)] if date > known.until]
    return watched(known, dates[::-1], now, undated=fresh - len(dates))


def _recalled(rhythm: Rhythm, now: datetime) -> Habit:
    """Return the habit of a feed that was last read when none was kept, from its mean gap."""
    if not rhythm.gap or rhythm.newest_at is None:
        return Habit(until=now)
    gap = rhythm.gap / _HOUR
    count = min(float(_LATEST), _REMEMBERED / gap)
    return Habit(until=min(rhythm.newest_at, now), count=count, hours=count * gap)
