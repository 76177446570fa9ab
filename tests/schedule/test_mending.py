"""A schedule that no longer fits its clock or its settings."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.schedule.mending import mended
from aggregator.schedule.policy import PollPolicy
from tests.schedule.making import DAY, HOUR, MINUTE, NOW, POLICY, a_document, a_feed, polled


def test_a_schedule_that_fits_is_left_alone() -> None:
    """SC-04: a restart changes nothing."""
    feeds = [polled(a_feed(url=f"https://{n}.example/"), a_document()).feed for n in range(20)]
    assert list(mended(feeds, POLICY, NOW + 2 * HOUR)) == []


def test_a_clock_that_went_back_stalls_no_feed() -> None:
    """SC-28: polled tomorrow, says the store; it counts as polled now, and Retry-After shrinks with it."""
    told = polled(a_feed(), a_document(retry_after=5 * HOUR), at=NOW + DAY).feed
    (feed,) = mended([told], POLICY, NOW)
    assert (feed.last_poll_at, feed.retry_after_at) == (NOW, NOW + 5 * HOUR)
    assert NOW + 5 * HOUR <= feed.next_poll_at <= NOW + 6 * HOUR
    assert list(mended([feed], POLICY, NOW + MINUTE)) == []


def test_a_new_feed_is_due_at_once_whatever_the_clock_was() -> None:
    """SC-28."""
    (feed,) = mended([a_feed(last_poll_at=None, next_poll_at=NOW + DAY)], POLICY, NOW)
    assert feed.next_poll_at == NOW
    assert list(mended([a_feed(last_poll_at=None, next_poll_at=NOW - DAY)], POLICY, NOW)) == []


def test_a_clock_that_went_forward_makes_no_stampede() -> None:
    """SC-28, SC-24: everything is due once, and finds places of its own for the next time."""
    feeds = [polled(a_feed(url=f"https://{n}.example/"), a_document()).feed for n in range(300)]
    late = [polled(feed, a_document(), at=NOW + 2 * DAY).feed for feed in feeds]
    waits = [feed.next_poll_at - NOW - 2 * DAY for feed in late]
    interval = late[0].rhythm.pace
    assert interval is not None
    assert all(interval <= wait <= 2 * interval for wait in waits)
    assert max(waits) - min(waits) > 0.9 * interval


def test_other_settings_hold_from_the_next_start() -> None:
    """Never beyond now and the cap (SC-28); nor sooner than a floor that was raised."""
    waiting = polled(a_feed(validators=None), a_document(validators=None)).feed
    (sooner,) = mended([waiting], replace(POLICY, longest=2 * HOUR), NOW + HOUR)
    assert sooner.next_poll_at <= NOW + HOUR + 2.2 * HOUR
    (later,) = mended([polled(a_feed(), a_document()).feed], replace(POLICY, shortest=5 * HOUR), NOW + HOUR)
    assert later.next_poll_at >= NOW + 6 * HOUR


def test_what_was_asked_for_stays_due_and_what_is_gone_stays_gone() -> None:
    """ST-22, SC-05."""
    feeds = [a_feed(asked=True, next_poll_at=NOW), a_feed(state="gone", next_poll_at=NOW)]
    assert list(mended(feeds, POLICY, NOW)) == []


@given(
    ahead=st.timedeltas(timedelta(days=-400), timedelta(days=400)),
    due=st.timedeltas(timedelta(), timedelta(days=4000)),
)
def test_no_feed_waits_beyond_the_cap(ahead: timedelta, due: timedelta) -> None:
    """SC-28: whatever the store says; a whole interval is for finding a place in a crowd."""
    feed = a_feed(last_poll_at=NOW + ahead, next_poll_at=NOW + ahead + due)
    policy = PollPolicy(shortest=HOUR, usual=HOUR, longest=DAY)
    for better in mended([feed], policy, NOW):
        assert better.next_poll_at <= NOW + 2 * DAY
