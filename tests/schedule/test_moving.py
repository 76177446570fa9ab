"""Permanent redirects are believed after repeated proof."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Feed, Unreadable, Validators
from aggregator.schedule.moving import adoptable
from tests.schedule.making import DAY, HOUR, NOW, URL, a_digest, a_document, a_feed, not_modified, polled, status

THERE = "https://new.example/feed"
LEARNT_THERE = Validators(etag=b'"there"', url=THERE)
MOVED = a_document(url=THERE, permanent_url=THERE, validators=LEARNT_THERE)


def seen(feed: Feed, *days: float) -> Feed:
    """Return the feed after it was found at THERE on those days."""
    for day in days:
        feed = polled(feed, MOVED, at=NOW + day * DAY).feed
    return feed


def test_a_permanent_redirect_is_followed_and_not_yet_believed() -> None:
    """ST-09, ST-13."""
    feed = seen(a_feed(), 0, 1)
    assert feed.fetch_url == URL
    assert feed.move is not None
    assert (feed.move.url, feed.move.times, feed.move.since) == (THERE, 2, NOW)


def test_it_is_believed_after_three_sightings_over_three_days() -> None:
    """ST-10, CR-20: the history stays, the validators of the old place go, and it is told."""
    assert seen(a_feed(), 0, 1, 2).fetch_url == URL
    assert seen(a_feed(), 0, 3).fetch_url == URL
    outcome = polled(seen(a_feed(), 0, 1), MOVED, at=NOW + 3 * DAY)
    feed = outcome.feed
    assert (feed.url, feed.fetch_url, feed.validators, feed.move) == (URL, THERE, None, None)
    assert (feed.title, feed.digested_at, outcome.moved_from) == ("Site", NOW, URL)


def test_a_304_at_the_new_place_is_a_sighting() -> None:
    """ST-10: it was a feed when its validators were learnt."""
    answer = not_modified(url=THERE, permanent_url=THERE, validators=LEARNT_THERE)
    assert polled(seen(a_feed(), 0, 1), answer, at=NOW + 3 * DAY).feed.fetch_url == THERE


def test_another_target_or_none_begins_anew() -> None:
    """ST-10, ST-14: a temporary redirect is never kept."""
    feed = seen(a_feed(), 0, 1)
    elsewhere = polled(feed, replace(MOVED, permanent_url="https://other.example/"), at=NOW + 3 * DAY).feed
    assert elsewhere.move is not None
    assert elsewhere.move.times == 1
    back = polled(feed, a_document(url=THERE), at=NOW + 3 * DAY).feed
    assert back.move is None


def test_a_page_at_the_target_proves_nothing() -> None:
    """ST-12: parking pages and captive portals; what was proved before stays."""
    feed = seen(a_feed(), 0, 1)
    portal = polled(feed, MOVED, Unreadable(kind="not-a-feed", message="HTML"), at=NOW + 3 * DAY).feed
    assert (portal.fetch_url, portal.move) == (URL, feed.move)
    down = polled(portal, status(500), at=NOW + 4 * DAY).feed
    assert down.move == feed.move
    assert adoptable(feed, status(500), NOW + 4 * DAY) is None


def test_a_feed_does_not_move_in_with_another() -> None:
    """ST-19: this one stops and says why; once a month it is looked whether the other is still there."""
    feed = seen(a_feed(), 0, 1)
    twin = "https://user:pass@new.example/feed"
    outcome = polled(feed, MOVED, at=NOW + 3 * DAY, twin=twin)
    assert (outcome.feed.state, outcome.feed.fetch_url, outcome.moved_from) == ("disabled", URL, None)
    assert outcome.feed.reason == "has moved to where the feed https://***@new.example/feed is polled already"
    assert outcome.feed.next_poll_at - outcome.finished_at >= 30 * DAY
    assert [notice.detail["to"] for notice in outcome.notices] == ["disabled"]
    again = polled(outcome.feed, MOVED, twin=twin)
    assert (again.feed.state, again.notices) == ("disabled", ())
    assert polled(again.feed, MOVED).feed.fetch_url == THERE


@given(st.lists(st.floats(0.01, 40), max_size=8))
def test_no_move_is_believed_early(gaps: list[float]) -> None:
    """ST-10: fewer than three sightings, or less than three days, are never enough."""
    feed, now = a_feed(), NOW
    for number, hours in enumerate(gaps, 1):
        feed = polled(feed, MOVED, a_digest(old=1), at=now).feed
        if feed.fetch_url == THERE:
            assert number >= 3
            assert now - NOW >= 3 * DAY
            return
        now += hours * HOUR
