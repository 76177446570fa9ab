"""When to poll again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Feed, FeedHints, Rhythm, Setback
from aggregator.schedule.next_poll import NEVER, next_poll
from aggregator.schedule.policy import PollPolicy
from tests.schedule.making import DAY, HOUR, MINUTE, NOW, POLICY, URL, a_feed

SECOND = timedelta(seconds=1)
DAYS = timedelta(days=400)
waits = st.none() | st.timedeltas(min_value=timedelta(), max_value=DAYS)


def decided(feed: Feed, policy: PollPolicy = POLICY) -> tuple[str, timedelta]:
    """Return the rule that decided, and how long it wants to wait."""
    decision = next_poll(feed, policy)
    return decision.rule, next(rule.wait for rule in decision.rules if rule.name == decision.rule)


def with_rhythm(hints: FeedHints | None = None, **rhythm: Any) -> Feed:
    """Return a feed of that rhythm."""
    return a_feed(rhythm=Rhythm(in_phase=True, hints=hints or FeedHints(), **rhythm))


def test_a_feed_that_revalidates_is_polled_at_the_usual_interval() -> None:
    """SC-01."""
    assert decided(a_feed()) == ("default", HOUR)


def test_a_feed_without_validators_is_polled_once_a_day() -> None:
    """SC-02, CR-09; the operator's own interval wins, and so does a cap for servers of one's own."""
    assert decided(a_feed(validators=None)) == ("no-validators", DAY)
    assert decided(a_feed(validators=None), replace(POLICY, longest=7 * DAY)) == ("no-validators", DAY)
    assert decided(a_feed(validators=None, interval=2 * HOUR)) == ("interval", 2 * HOUR)
    fast = PollPolicy(shortest=SECOND, usual=SECOND, longest=SECOND)
    assert decided(a_feed(validators=None), fast)[1] == SECOND


def test_a_feed_that_never_answered_is_not_known_to_have_no_validators() -> None:
    """SC-02 is about feeds that were read."""
    assert decided(a_feed(validators=None, last_ok_at=None)) == ("default", HOUR)


def test_an_interval_of_the_feed_stays_within_the_walls() -> None:
    """SC-15: floor and cap."""
    assert decided(a_feed(interval=5 * MINUTE)) == ("min", HOUR)
    assert decided(a_feed(interval=30 * DAY)) == ("max", DAY)


@pytest.mark.parametrize(
    ("feed", "rule", "wait"),
    [
        (with_rhythm(fresh_for=12 * HOUR, fresh_by="max-age"), "max-age", 12 * HOUR),
        (with_rhythm(fresh_for=10 * MINUTE, fresh_by="max-age"), "default", HOUR),
        (with_rhythm(fresh_for=3 * HOUR, fresh_by="expires"), "expires", 3 * HOUR),
        (with_rhythm(fresh_for=365 * DAY, fresh_by="max-age"), "max", DAY),
        (with_rhythm(FeedHints(ttl=3 * HOUR)), "ttl", 3 * HOUR),
        (with_rhythm(FeedHints(update_period=DAY / 2)), "sy", DAY / 2),
        (with_rhythm(FeedHints(update_period=HOUR / 2)), "default", HOUR),
        (with_rhythm(FeedHints(update_period=HOUR), pace=9 * HOUR), "rhythm", 9 * HOUR),
        (with_rhythm(FeedHints(ttl=3 * HOUR), fresh_for=4 * HOUR, fresh_by="max-age", pace=2 * HOUR), "max-age", None),
    ],
)
def test_the_strongest_hint_decides(feed: Feed, rule: str, wait: timedelta | None) -> None:
    """SC-06, SC-07, SC-10, SC-12, SC-14…16; SC-18: hourly is a lower bound, not an order."""
    assert decided(feed) == (rule, wait or 4 * HOUR)


def test_retry_after_is_a_minimum() -> None:
    """ST-01, ST-08: for a feed that is well too."""
    assert decided(a_feed(retry_after_at=NOW + 3 * HOUR)) == ("retry-after", 3 * HOUR)
    assert decided(a_feed(retry_after_at=NOW + MINUTE)) == ("default", HOUR)


def test_skipped_hours_and_retry_after_hold_both() -> None:
    """SC-19, SC-22: the latest wins, and never in a skipped hour."""
    hints = FeedHints(skip_hours=(13, 14, 15))
    decision = next_poll(with_rhythm(hints), POLICY)
    assert decision.rule == "skip"
    assert NOW.replace(hour=16) <= decision.at < NOW.replace(hour=17)
    late = replace(with_rhythm(hints), retry_after_at=NOW + 9 * HOUR)
    assert decided(late) == ("retry-after", 9 * HOUR)
    early = replace(with_rhythm(hints), retry_after_at=NOW + 2 * HOUR)
    assert next_poll(early, POLICY).at >= NOW.replace(hour=16)


def test_a_feed_that_is_gone_is_not_polled() -> None:
    """ST-22."""
    assert next_poll(a_feed(state="gone"), POLICY).at == NEVER


def test_feeds_that_come_in_a_crowd_find_places_of_their_own() -> None:
    """SC-23, HT-20: ten thousand feeds added at once, over the hours in which they are polled the second time."""
    crowd = [a_feed(url=f"{URL}/{number}", rhythm=Rhythm(in_phase=False)) for number in range(10_000)]
    minutes = [0] * 60
    for feed in crowd:
        wait = next_poll(feed, POLICY).at - NOW
        assert HOUR <= wait < 2 * HOUR
        minutes[(wait - HOUR) // MINUTE] += 1
    assert min(minutes) > 100
    assert max(minutes) < 250


def test_feeds_of_one_host_do_not_stay_in_step() -> None:
    """HT-20, SC-03: what keeps them apart is only ever added, and differs from poll to poll."""
    feeds = [a_feed(last_poll_at=NOW + n * DAY) for n in range(100)]
    waits = {next_poll(feed, POLICY).at - (feed.last_poll_at or NOW) for feed in feeds}
    assert len(waits) == 100
    assert all(HOUR <= wait <= 1.1 * HOUR for wait in waits)


def test_a_decision_can_be_had_again() -> None:
    """The same stored state gives the same moment, so that it can be explained later."""
    feed = with_rhythm(pace=3 * HOUR, gap=6 * HOUR, newest_at=NOW - HOUR)
    assert next_poll(feed, POLICY) == next_poll(replace(feed), POLICY)
    assert "an entry every 6 h" in next(rule.why for rule in next_poll(feed, POLICY).rules if rule.name == "rhythm")


@given(
    rhythm=st.builds(
        Rhythm,
        hints=st.builds(FeedHints, ttl=waits, update_period=waits),
        fresh_for=waits,
        fresh_by=st.sampled_from(["max-age", "expires"]),
        pace=waits,
        in_phase=st.booleans(),
    ),
    interval=waits,
    failures=st.floats(0, 1e9),
    status=st.none() | st.sampled_from([401, 403, 404, 410, 429, 500, 503]),
    shortest=st.timedeltas(SECOND, DAY),
)
def test_a_poll_is_never_early_and_never_far(
    rhythm: Rhythm, interval: timedelta | None, failures: float, status: int | None, shortest: timedelta
) -> None:
    """SC-03, SC-12, SC-15: nothing comes before the floor, and nothing makes a feed vanish."""
    setback = Setback(kind="status", status=status, times=1, since=NOW) if status else None
    feed = a_feed(rhythm=rhythm, interval=interval, failures=failures, setback=setback, validators=None)
    policy = PollPolicy(shortest=shortest, usual=shortest, longest=DAY)
    wait = next_poll(feed, policy).at - NOW
    assert shortest <= wait <= 14 * DAY
    if not setback:
        assert wait <= 2 * DAY
