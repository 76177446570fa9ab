"""How all feeds do, in a few numbers."""

from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.model import Draft, FeedConfig, Habit, Rhythm, Seq
from aggregator.store.browsing import FeedCounts
from aggregator.store.commit import commit
from aggregator.store.contract import Store
from aggregator.store.plan import Applied
from aggregator.store.timing import Standing, TagWait
from tests.store.factory import NOW, a_digest, a_draft, a_store, an_outcome, claim, poll
from tests.store.places import Place

ONE, TWO, THREE = "https://one.example/feed", "https://two.example/feed", "https://three.example/feed"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def a_story(number: int, published: datetime) -> Draft:
    return replace(a_draft(f"x/{number}", title=f"Story {number}"), published_at=published)


def standing(store: Store, now: datetime) -> Standing:
    with store.read() as work:
        return work.schedule.standing(now)


def test_feeds_that_could_be_polled_are_due(place: Place) -> None:
    """Not those that are being polled, have to wait, or are gone."""
    with a_store(place, ONE, TWO, THREE) as store:
        assert standing(store, NOW) == Standing(feeds={"new": 3}, due=3, oldest=NOW, seq=Seq(0))
        poll(store, ONE, a_digest(a_draft("x/1")), NOW)
        with store.work() as work:
            two, three = claim(work, NOW)
            assert standing(store, NOW).due == 2, "it is not committed yet"
            commit(work, replace(an_outcome(two, None, NOW), feed=replace(two, retry_after_at=NOW + 2 * HOUR)))
            commit(work, replace(an_outcome(three, None, NOW), feed=replace(three, state="gone", reason="410")))
        assert standing(store, NOW) == Standing(feeds={"ok": 1, "new": 1, "gone": 1}, due=0, oldest=None, seq=Seq(1))
        with store.read() as work:
            assert work.browsing.feed_counts() == FeedCounts(all=3, failing=1)
            (card,) = work.browsing.feeds(after=-1, limit=9, since=NOW, failing=True)
            assert (card.url, card.state) == (three.url, "gone")
        assert (standing(store, NOW + HOUR).due, standing(store, NOW + HOUR).oldest) == (1, NOW + HOUR)
        assert (standing(store, NOW + 2 * HOUR).due, standing(store, NOW + 2 * HOUR).oldest) == (2, NOW)


def test_polls_are_counted_and_pushes_are_not(place: Place) -> None:
    with a_store(place, ONE, TWO) as store:
        poll(store, ONE, None, NOW)
        poll(store, TWO, None, NOW + HOUR)
        with store.work() as work:
            found = work.schedule.find(ONE)
            assert found is not None
            feed = work.pushes.claim(found.id, NOW + HOUR, token="t", lease_until=NOW + 2 * HOUR)
            assert feed is not None
            work.pushes.finish(feed, Applied(), wire_bytes=1, started=NOW + HOUR, now=NOW + HOUR)
            assert [work.schedule.asked(since) for since in (NOW, NOW + MINUTE, NOW + 2 * HOUR)] == [2, 1, 0]


def test_the_price_is_that_of_the_last_poll_that_had_one_and_a_habit_is_shown(place: Place) -> None:
    habit = Habit(until=NOW, count=3.5, hours=40.25, of_day=bytes(range(24)), of_hour=bytes([255] * 12))
    with a_store(place, ONE, TWO) as store:
        with store.work() as work:
            assert work.schedule.price() is None
            one, two = claim(work, NOW)
            outcome = an_outcome(one, None, NOW)
            commit(work, replace(outcome, feed=replace(outcome.feed, rhythm=Rhythm(price=0.25, habit=habit))))
            commit(work, an_outcome(two, None, NOW))
            assert work.schedule.price() == 0.25
        with store.read() as work:
            assert [card.habit for card in work.browsing.feeds(after=-1, limit=9, since=NOW)] == [habit, None]


def test_entries_wait_from_their_publication_to_their_poll_tag_by_tag(place: Place) -> None:
    """What a feed had when it was first polled tells nothing."""
    tagged = [FeedConfig(url=ONE, tags=("fast", "both")), FeedConfig(url=TWO, tags=("both",)), FeedConfig(url=THREE)]
    with a_store(place) as store:
        with store.work() as work:
            work.feeds.sync(tagged, NOW)
        for number, url in enumerate((ONE, TWO, THREE)):
            poll(store, url, a_digest(a_story(number, NOW - HOUR)), NOW)
        poll(store, ONE, a_digest(a_story(10, NOW + MINUTE), a_story(11, NOW + 9 * HOUR)), NOW + 11 * MINUTE)
        poll(store, TWO, a_digest(a_story(20, NOW + HOUR)), NOW + HOUR + 40 * MINUTE)
        poll(store, THREE, a_digest(a_story(30, NOW + HOUR)), NOW + 2 * HOUR)
        with store.read() as work:
            assert work.schedule.waits(NOW - 2 * HOUR) == [
                TagWait(tag="both", entries=3, mean=50 * MINUTE / 3),
                TagWait(tag="fast", entries=2, mean=5 * MINUTE),
            ]
            assert work.schedule.waits(NOW + 10 * HOUR) == []
