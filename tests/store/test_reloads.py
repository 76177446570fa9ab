"""Wishes for a reload, and feeds that move."""

from datetime import UTC, datetime, timedelta

from aggregator.model import FeedConfig
from tests.store.factory import a_store
from tests.store.places import Place

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OLD, NEW = "https://a.example/old", "https://b.example/new"


def test_the_newest_answer_is_kept_and_wishes_wait_in_order(place: Place) -> None:
    with a_store(place) as store, store.work() as work:
        reloads = work.reloads
        assert (reloads.waiting(), reloads.last()) == (None, None)
        first, second = reloads.ask(NOW, force=False), reloads.ask(NOW, force=True)
        waiting = reloads.waiting()
        assert waiting
        assert (waiting.id, waiting.force) == (first, False)
        reloads.answer(first, NOW, taken=True, message="one")
        reloads.answer(second, NOW + timedelta(seconds=1), taken=False, message="two")
        last = reloads.last()
        assert last
        assert (last.id, last.taken, last.message, last.force) == (second, False, "two", True)
        assert reloads.find(first) is None
        assert not reloads.withdraw(second)
        third = reloads.ask(NOW, force=False)
        assert reloads.withdraw(third)
        reloads.answer(third, NOW, taken=True, message="too late")
        assert reloads.find(third) is None
        assert reloads.ask(NOW, force=False) > third
        reloads.clear()
        assert (reloads.waiting(), reloads.last()) == (None, None)


def test_a_feed_that_moves_keeps_its_state_and_a_poll_at_the_old_place_counts_for_nothing(place: Place) -> None:
    with a_store(place) as store, store.work() as work:
        work.feeds.sync([FeedConfig(url=OLD, name="A", tags=("t",), interval=timedelta(hours=2))], NOW)
        (claimed,) = work.feeds.claim_due(
            NOW, limit=5, per_origin=1, token="t", lease_until=NOW + timedelta(minutes=10)
        )
        work.feeds.move(OLD, NEW, NOW + timedelta(minutes=1))
        work.feeds.give_back(claimed, NOW + timedelta(days=1))  # as the poll under way would: by its token
        work.feeds.sync([FeedConfig(url=NEW, name="A")], NOW)
        moved = work.schedule.find(NEW)
        assert moved
        assert (moved.id, moved.fetch_url, moved.origin) == (claimed.id, NEW, "b.example")
        assert moved.next_poll_at == NOW + timedelta(minutes=1)
        (known,) = work.feeds.known()
        assert (known.config, known.listed) == (FeedConfig(url=NEW, name="A"), True)
        work.feeds.sync([], NOW)
        assert [feed.listed for feed in work.feeds.known()] == [False]
