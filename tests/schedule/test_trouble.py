"""What failures do to a feed: how long it waits, and what it is called meanwhile."""

from datetime import timedelta

import pytest

from aggregator.model import Failed, Feed
from aggregator.schedule.next_poll import NEVER, next_poll
from aggregator.schedule.policy import PollPolicy
from tests.schedule.making import (
    DAY,
    HOUR,
    POLICY,
    URL,
    a_digest,
    a_document,
    a_feed,
    not_modified,
    polled,
    status,
)

NO_HOST = Failed(kind="dns", message="host name not found", url=URL)
NO_RESOLVER = Failed(kind="dns", message="name lookup failed for now", url=URL, temporary=True)


def waits(failure: Failed, times: int, feed: Feed | None = None) -> list[timedelta]:
    """Return how long the feed waits after each of so many failures, as decided."""
    feed, found = feed or a_feed(), []
    for _ in range(times):
        feed = polled(feed, failure).feed
        decision = next_poll(feed, POLICY)
        found.append(next(rule.wait for rule in decision.rules if rule.name == decision.rule))
    return found


def test_the_first_failure_waits_one_interval_and_the_next_ones_double_it() -> None:
    """ST-27, ST-23, ST-26, ST-36: up to the cap."""
    for code in (500, 404, 400, 406, 415, 999, 526):
        assert [wait // HOUR for wait in waits(status(code), 7)] == [1, 2, 4, 8, 16, 24, 24]


def test_trouble_never_makes_a_feed_be_polled_more_often() -> None:
    """ST-06, SC-02: the feed's own interval is where doubling starts."""
    assert waits(status(500), 2, a_feed(interval=5 * HOUR)) == [5 * HOUR, 10 * HOUR]
    assert waits(status(429), 1, a_feed(validators=None)) == [DAY]


def test_a_long_dead_feed_is_asked_once_a_week_and_never_given_up() -> None:
    """ST-27, ST-23: after a month. Live feeds do come back, and then all is forgiven."""
    feed = a_feed()
    for _ in range(200):
        feed = polled(feed, status(404)).feed
    assert next_poll(feed, POLICY).at - feed.next_poll_at == timedelta()
    assert 7 * DAY <= feed.next_poll_at - (feed.last_poll_at or feed.next_poll_at) <= 7 * 1.25 * DAY
    assert feed.state == "failing"
    back = polled(feed, a_document(), a_digest(new=1)).feed
    assert (back.state, back.failures, back.setback) == ("ok", 0.0, None)
    assert back.next_poll_at - feed.next_poll_at <= 2 * HOUR


@pytest.mark.parametrize("code", [429, 503])
def test_a_slow_down_without_a_time_waits_an_hour_at_least(code: int) -> None:
    """ST-06: doubled each time, with some chance on top; also for who may poll every second."""
    fast = PollPolicy(shortest=timedelta(seconds=1), usual=timedelta(seconds=1), longest=DAY)
    feed = polled(a_feed(), status(code), policy=fast).feed
    assert feed.state == "slow-down"
    assert HOUR <= feed.next_poll_at - (feed.last_poll_at or feed.next_poll_at) <= 1.25 * HOUR
    again = polled(feed, status(code), policy=fast).feed
    assert again.next_poll_at - feed.next_poll_at >= 2 * HOUR


@pytest.mark.parametrize("seconds", [0, 1, 3600, 86400])
def test_retry_after_is_kept_but_never_shortens_the_interval(seconds: int) -> None:
    """ST-02, ST-03."""
    told = timedelta(seconds=seconds)
    feed = polled(a_feed(), status(503, retry_after=told)).feed
    assert feed.next_poll_at - (feed.last_poll_at or feed.next_poll_at) >= max(told, HOUR)


@pytest.mark.parametrize("code", [401, 403])
def test_a_refusal_is_asked_about_once_a_day(code: int) -> None:
    """ST-24, HT-15: with the same User-Agent, and the challenge is told."""
    message = f"HTTP {code} (blocked by a Cloudflare challenge)"
    feed = polled(a_feed(), status(code, message=message)).feed
    assert (feed.state, feed.reason) == ("failing", message)
    assert waits(status(code), 3) == [DAY, DAY, DAY]


def test_one_410_may_be_a_mistake_and_two_a_day_apart_are_not() -> None:
    """ST-22: then nothing is asked any more; what the feed gave stays."""
    once = polled(a_feed(), status(410))
    assert once.feed.state == "failing"
    assert once.feed.next_poll_at - once.finished_at >= DAY
    twice = polled(once.feed, status(410))
    assert (twice.feed.state, twice.feed.next_poll_at) == ("gone", NEVER)
    assert twice.notices[0].detail["to"] == "gone"
    assert twice.notices[0].detail["next_poll_at"] is None
    assert polled(twice.feed, not_modified(), at=twice.finished_at + 90 * DAY).feed.state == "ok"


def test_two_410s_in_a_row_have_to_be_a_day_apart() -> None:
    """ST-22: and in a row."""
    once = polled(a_feed(), status(410))
    assert polled(once.feed, status(410), at=once.finished_at + HOUR).feed.state == "failing"
    other = polled(once.feed, status(500)).feed
    assert polled(other, status(410)).feed.state == "failing"


def test_a_feed_withheld_by_law_is_looked_at_once_a_month() -> None:
    """ST-25."""
    outcome = polled(a_feed(), status(451))
    assert (outcome.feed.state, outcome.feed.reason) == ("disabled", "HTTP 451")
    assert 30 * DAY <= outcome.feed.next_poll_at - outcome.finished_at <= 38 * DAY
    assert polled(outcome.feed, not_modified()).feed.state == "ok"


def test_a_resolver_in_trouble_counts_a_quarter() -> None:
    """ST-28: a name that is not there is soft too, but is the feed's own trouble."""
    assert [wait // HOUR for wait in waits(NO_HOST, 5)] == [1, 2, 4, 8, 16]
    assert [wait // HOUR for wait in waits(NO_RESOLVER, 8)] == [1, 1, 1, 1, 1, 1, 1, 2]


def test_a_certificate_that_is_not_trusted_is_a_failure_like_any_other() -> None:
    """ST-29: nothing is switched off because of it."""
    distrusted = Failed(kind="tls", message="certificate has expired", url=URL)
    feed = polled(polled(a_feed(), distrusted).feed, distrusted).feed
    assert (feed.state, feed.reason) == ("failing", "certificate has expired")
