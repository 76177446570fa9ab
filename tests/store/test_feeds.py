"""Subscriptions, and the schedule in the column next_poll_at."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.model import FeedConfig, Validators
from aggregator.store.commit import commit
from aggregator.store.contract import StaleClaimError, Store
from tests.store.factory import NOW, a_digest, a_draft, a_store, an_outcome, claim
from tests.store.places import Place

HOUR = timedelta(hours=1)
SAME_HOST = [f"https://one.example/{n}" for n in range(3)]
OTHER = "https://other.example/feed"


def claimed(store: Store, at: timedelta = timedelta(), *, limit: int = 100, per_origin: int = 1) -> list[str]:
    """Claim what is due and return the URLs."""
    with store.work() as work:
        return [feed.url for feed in claim(work, NOW + at, limit=limit, per_origin=per_origin)]


def test_a_feed_is_claimed_once_while_its_poll_is_under_way(place: Place) -> None:
    """SC-30; the claim lapses when its process never came back."""
    with a_store(place, OTHER) as store:
        assert claimed(store) == [OTHER]
        assert claimed(store, timedelta(minutes=9)) == []
        assert claimed(store, timedelta(minutes=10)) == [OTHER]


def test_one_origin_never_takes_more_than_its_share(place: Place) -> None:
    """SC-25, HX-21: polls under way count, and other origins do not wait."""
    with a_store(place, *SAME_HOST, OTHER) as store:
        assert claimed(store, per_origin=2) == [*SAME_HOST[:2], OTHER]
        assert claimed(store, per_origin=2) == []


def test_the_longest_overdue_comes_first(place: Place) -> None:
    """SC-24: a backlog drains at a bounded rate, oldest first."""
    with a_store(place) as store:
        for hours, name in ((2, "late"), (0, "early"), (1, "middle")):
            with store.work() as work:
                work.feeds.sync(
                    [*(FeedConfig(url=feed.url) for feed in work.feeds.statuses()), FeedConfig(url=f"http://{name}/")],
                    NOW + hours * HOUR,
                )
        assert claimed(store, 5 * HOUR, limit=2) == ["http://early/", "http://middle/"]
        assert claimed(store, 5 * HOUR, limit=2) == ["http://late/"]


def test_a_restart_does_not_poll_again(place: Place) -> None:
    """SC-04, CR-23: schedule and validators are in the store, byte for byte."""
    validators = Validators(etag=b'W/"\xe9-gzip"', last_modified=b"yesterday", url=OTHER)
    with a_store(place, OTHER) as store, store.work() as work:
        (feed,) = claim(work, NOW)
        outcome = an_outcome(feed, a_digest(a_draft("x.example/1")), NOW)
        commit(work, replace(outcome, feed=replace(outcome.feed, validators=validators, body_hash=b"h")))
    with a_store(place, OTHER) as store:
        assert claimed(store, timedelta(minutes=5)) == []
        with store.work() as work:
            (feed,) = claim(work, NOW + HOUR)
            assert (feed.validators, feed.body_hash) == (validators, b"h")
            assert list(work.feeds.window(feed)) == [a_draft("x.example/1").identity.guid_hash]


def test_a_poll_that_was_taken_over_writes_nothing(place: Place) -> None:
    """A claim is fenced by its token."""
    with a_store(place, OTHER) as store:
        with store.work() as work:
            (stale,) = claim(work, NOW, token="first")
            claim(work, NOW + HOUR, token="second")
        with pytest.raises(StaleClaimError), store.work() as work:
            commit(work, an_outcome(stale, a_digest(a_draft("x.example/1")), NOW + HOUR))
        with store.read() as work:
            assert work.log.last() == 0


def test_retry_after_holds_for_the_whole_origin(place: Place) -> None:
    """ST-07; and no request of a person overrides it (SC-05)."""
    with a_store(place, *SAME_HOST, OTHER) as store:
        with store.work() as work:
            feed = claim(work, NOW, limit=1)[0]
            outcome = an_outcome(feed, None, NOW)
            commit(work, replace(outcome, origin_retry_at=NOW + 2 * HOUR))
        assert claimed(store) == [OTHER]
        with store.work() as work:
            asked = work.feeds.ask(SAME_HOST, NOW, recent=NOW)
        assert asked.feeds == ()
        assert [url for url, _ in asked.skipped] == SAME_HOST
        assert "2026-06-25 00:14:12" in asked.skipped[0][1]
        assert claimed(store, 2 * HOUR) == [SAME_HOST[1], OTHER]


def test_a_feed_polled_a_moment_ago_is_not_asked_for_again(place: Place) -> None:
    """SC-05: refresh pressed twice."""
    with a_store(place, OTHER) as store:
        with store.work() as work:
            (feed,) = claim(work, NOW)
            commit(work, an_outcome(feed, None, NOW))
            later = NOW + timedelta(minutes=4)
            asked = work.feeds.ask(None, later, recent=later - timedelta(minutes=5))
            assert (asked.feeds, len(asked.skipped)) == ((), 1)
            asked = work.feeds.ask(None, later, recent=later)
            assert len(asked.feeds) == 1
        assert claimed(store, timedelta(minutes=4)) == [OTHER]


def test_a_feed_that_left_the_configuration_is_not_polled_and_keeps_its_history(place: Place) -> None:
    """ID-24, SC-37: nothing is purged; coming back it is where it was."""
    with a_store(place, OTHER) as store:
        with store.work() as work:
            (feed,) = claim(work, NOW)
            commit(work, an_outcome(feed, a_digest(a_draft("x.example/1")), NOW))
            work.feeds.sync([], NOW)
        assert claimed(store, 48 * HOUR) == []
        with store.work() as work:
            assert work.feeds.statuses() == []
            work.feeds.sync([FeedConfig(url=OTHER, enabled=False)], NOW)
            (status,) = work.feeds.statuses()
            assert (status.state, status.records, status.active) == ("disabled", 1, False)
            work.feeds.sync([FeedConfig(url=OTHER)], NOW)
        assert claimed(store, 48 * HOUR) == [OTHER]


def test_a_status_counts_the_stories_a_feed_carries(place: Place) -> None:
    """And forgets polls, not records, when asked to."""
    with a_store(place, OTHER) as store:
        with store.work() as work:
            (feed,) = claim(work, NOW)
            commit(work, an_outcome(feed, a_digest(a_draft("x.example/1"), a_draft("x.example/2")), NOW))
            assert work.feeds.forget_polls(NOW + HOUR) == 1
        with store.read() as work:
            assert work.feeds.statuses()[0].records == 2
