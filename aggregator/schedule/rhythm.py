"""What a feed's answers teach about its rhythm (SC-32…34, SC-36)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.model import Digest, Feed, Fetched, NotModified, Rhythm
from aggregator.schedule.caching import freshness, states_freshness
from aggregator.schedule.policy import PollPolicy

_NOTHING = timedelta(0)
_SLOWER = 1.5
_LATEST = 20  # publications that the mean gap is taken over: an old pinned entry does not count
# Silent for so long, a feed is asked at least this part of the longest interval apart (SC-34).
_SILENCE = ((timedelta(days=30), 1), (timedelta(days=14), 2), (timedelta(days=7), 4))
_LATENESS = 4  # a poll later than this part of its wait has lost its place


def learnt(feed: Feed, answer: Fetched | NotModified, read: Digest | None, policy: PollPolicy, now: datetime) -> Rhythm:
    """Return the feed's rhythm after a success; ``read`` is None where the document is the one that was known."""
    rhythm = feed.rhythm
    if isinstance(answer, Fetched) or states_freshness(answer.headers):
        fresh = freshness(answer.headers, now)
        rhythm = replace(rhythm, fresh_for=fresh.fresh_for, fresh_by=fresh.fresh_by)
    if isinstance(answer, Fetched):
        rhythm = replace(rhythm, body_at=now)
    if read is None:
        return replace(rhythm, pace=_slower(rhythm, policy, now))
    entries = len(read.drafts) + len(read.known) - read.filled
    fresh_entries = entries > read.met
    undated = now if fresh_entries and feed.digested_at else rhythm.newest_at
    rhythm = replace(
        rhythm,
        hints=read.hints,
        gap=mean_gap(read.dates) or rhythm.gap,
        newest_at=read.dates[0] if read.dates else undated,
        entries=entries,
    )
    if feed.digested_at is None or rhythm.pace is None:
        return replace(rhythm, pace=expected(rhythm, policy, now) or policy.usual)
    pace = _quicker(feed, rhythm, read, policy, now) if fresh_entries else _slower(rhythm, policy, now)
    return replace(rhythm, pace=pace)


def expected(rhythm: Rhythm, policy: PollPolicy, now: datetime) -> timedelta | None:
    """Return the interval that the dates of a feed's entries speak for, None where they say nothing (SC-34).

    Half the mean gap; for a feed that fell silent, or never had an entry (SC-36), up to the longest.
    """
    if rhythm.newest_at is None:
        return None if rhythm.entries else policy.longest
    wait = max(_silence(rhythm.newest_at, policy, now), (rhythm.gap or _NOTHING) / 2)
    return policy.within(wait) if wait else None


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


def _quicker(feed: Feed, rhythm: Rhythm, read: Digest, policy: PollPolicy, now: datetime) -> timedelta:
    """Half as long; a quarter of the time in which a whole document was replaced, where one was (SC-33)."""
    pace = (feed.rhythm.pace or policy.usual) / 2
    if read.expected and not read.met:
        pace = min(pace, (now - (feed.last_ok_at or now)) / 4)
    return policy.within(min(pace, expected(rhythm, policy, now) or pace))


def _slower(rhythm: Rhythm, policy: PollPolicy, now: datetime) -> timedelta:
    """Half as long again, while a document is not expected to be replaced meanwhile (SC-32)."""
    pace = (rhythm.pace or policy.usual) * _SLOWER
    silent = rhythm.newest_at is None or _silence(rhythm.newest_at, policy, now)
    if rhythm.gap and not silent:
        pace = min(pace, rhythm.gap * max(rhythm.entries, 1) / 2)
    return policy.within(pace)


def _silence(newest_at: datetime, policy: PollPolicy, now: datetime) -> timedelta:
    return next((policy.longest / part for age, part in _SILENCE if now - newest_at >= age), _NOTHING)
