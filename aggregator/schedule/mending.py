"""A schedule that no longer fits its clock or its settings is derived anew (SC-28)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from aggregator.model import Feed
from aggregator.schedule.next_poll import next_poll
from aggregator.schedule.policy import PollPolicy


def mended(feeds: Iterable[Feed], policy: PollPolicy, now: datetime) -> Iterator[Feed]:
    """Yield the feeds that are due at another time than was stored, with the time they are due.

    A feed that was polled "in the future", by a clock that has gone back since, counts as polled now: it neither
    stalls until that time has come again nor joins a stampede. What somebody asked for stays due.
    """
    for feed in feeds:
        if feed.asked or feed.state == "gone":
            continue
        mended_feed = _mended(feed, policy, now)
        if mended_feed != feed:
            yield mended_feed


def _mended(feed: Feed, policy: PollPolicy, now: datetime) -> Feed:
    if feed.last_poll_at is None:
        return replace(feed, next_poll_at=min(feed.next_poll_at, now))
    if feed.last_poll_at > now:
        ahead = feed.last_poll_at - now
        retry_at = feed.retry_after_at and feed.retry_after_at - ahead
        feed = replace(feed, last_poll_at=now, retry_after_at=retry_at)
    return replace(feed, next_poll_at=next_poll(feed, policy).at)
