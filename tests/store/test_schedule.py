"""The schedule seen from above, and what a feed's past taught."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import (
    Bounds,
    FailureKind,
    Feed,
    FeedConfig,
    FeedHints,
    Habit,
    Move,
    Notice,
    PollOutcome,
    Rhythm,
    Seq,
    Setback,
)
from aggregator.schedule.next_poll import NEVER
from aggregator.store.commit import commit
from aggregator.store.contract import Store
from aggregator.store.sqlite.history import History, history_text, read_history
from tests.store.factory import NOW, a_digest, a_draft, a_store, an_outcome, claim
from tests.store.places import Place

HOUR = timedelta(hours=1)
ONE, TWO = "https://one.example/feed", "https://two.example/feed"
RHYTHM = Rhythm(
    hints=FeedHints(ttl=HOUR, update_period=2 * HOUR, skip_hours=(3, 4), skip_days=(6,)),
    fresh_for=3 * HOUR,
    fresh_by="expires",
    pace=4.5 * HOUR,
    gap=timedelta(seconds=1.5),
    newest_at=NOW,
    entries=7,
    body_at=NOW - HOUR,
    in_phase=True,
    habit=Habit(until=NOW, count=3.5, hours=40.25, of_day=bytes(range(24)), of_hour=bytes([255] * 12)),
    price=0.25,
)
GAP = Notice(kind="gap", detail={"feed": ONE, "estimate": None})


def finish(store: Store, url: str, digest: bool = False, **changes: object) -> PollOutcome:
    """Poll the feed now, with these fields of the feed or of the outcome."""
    with store.work() as work:
        work.feeds.ask([url], NOW, recent=NOW, stopped=True)
        feed = next(feed for feed in claim(work, NOW) if feed.url == url)
        outcome = an_outcome(feed, a_digest(a_draft("x.example/1")) if digest else None, NOW)
        of_feed = {name: value for name, value in changes.items() if name in Feed.__dataclass_fields__}
        of_outcome = {name: value for name, value in changes.items() if name not in of_feed}
        outcome = replace(outcome, feed=replace(outcome.feed, **of_feed), **of_outcome)  # type: ignore[arg-type]
        commit(work, outcome)
        work.feeds.release_claims()
    return outcome


def found(store: Store, url: str) -> Feed:
    """Return the feed as it is stored."""
    with store.read() as work:
        feed = work.schedule.find(url)
    assert feed is not None
    return feed


def test_what_the_past_taught_survives(place: Place) -> None:
    """SC-04, SC-14: hints hold after a restart too."""
    setback = Setback(kind="status", status=410, times=1, since=NOW)
    move = Move(url="https://there.example/", times=2, since=NOW)
    with a_store(place, ONE) as store:
        assert found(store, ONE).rhythm == Rhythm()
        finish(store, ONE, rhythm=RHYTHM, setback=setback, move=move)
    with a_store(place, ONE) as store:
        feed = found(store, ONE)
        assert (feed.rhythm, feed.setback, feed.move) == (RHYTHM, setback, move)


waits = st.none() | st.timedeltas(timedelta(), timedelta(days=9000))
moments = st.none() | st.timedeltas(timedelta(), timedelta(days=9000)).map(lambda wait: NOW - wait)


@given(
    rhythm=st.builds(
        Rhythm,
        hints=st.builds(FeedHints, ttl=waits, skip_hours=st.lists(st.integers(0, 23)).map(tuple)),
        fresh_for=waits,
        fresh_by=st.sampled_from([None, "max-age"]),
        pace=waits,
        newest_at=moments,
        in_phase=st.booleans(),
    ),
    setback=st.none()
    | st.builds(
        Setback,
        kind=st.sampled_from(get_args(FailureKind)),
        status=st.none() | st.integers(100, 999),
        times=st.integers(1, 2**31),
        since=st.just(NOW),
    ),
)
def test_a_history_is_read_as_it_was_written(rhythm: Rhythm, setback: Setback | None) -> None:
    """Whatever is known and whatever is not."""
    history = History(rhythm=rhythm, setback=setback, move=None)
    assert read_history(history_text(history)) == history


def test_a_feed_is_found_with_what_its_origin_was_told(place: Place) -> None:
    """ST-07: another feed of the host met the Retry-After."""
    neighbour = "https://one.example/other"
    with a_store(place, ONE, neighbour) as store:
        finish(store, neighbour, origin_retry_at=NOW + 5 * HOUR)
        assert found(store, ONE).retry_after_at == NOW + 5 * HOUR
        with store.work() as work:
            assert work.schedule.find("https://nobody.example/") is None
            work.feeds.sync([FeedConfig(url=ONE, enabled=False)], NOW)
            assert work.schedule.find(ONE) is None


def test_a_feed_that_moved_counts_to_its_new_origin(place: Place) -> None:
    """ST-10, SC-25: and the feed that lives there is its twin (ST-19)."""
    with a_store(place, ONE, TWO) as store:
        there = "https://two.example/moved"
        finish(store, ONE, fetch_url=there, origin="two.example", moved_from=ONE)
        assert (found(store, ONE).origin, found(store, ONE).fetch_url) == ("two.example", there)
        with store.read() as work:
            one, two = found(store, ONE), found(store, TWO)
            assert work.schedule.twin(two, there) == work.schedule.twin(two, ONE) == ONE
            assert work.schedule.twin(one, there) is None
            assert work.schedule.twin(one, TWO) == TWO
            assert work.schedule.twin(one, "https://nobody.example/") is None


def test_the_schedule_is_mended_in_one_go(place: Place) -> None:
    """SC-28."""
    with a_store(place, ONE, TWO) as store:
        with store.work() as work:
            work.schedule.mend(lambda feeds: [replace(f, next_poll_at=NOW + HOUR) for f in feeds if f.url == ONE])
        assert found(store, ONE).next_poll_at == NOW + HOUR
        assert found(store, TWO).next_poll_at == NOW


def test_a_feed_that_is_gone_is_asked_only_by_force_or_by_the_configuration(place: Place) -> None:
    """ST-22: `refresh --force`, or pausing and resuming it."""
    with a_store(place, ONE, TWO) as store:
        finish(store, ONE, state="gone", reason="HTTP 410 Gone", next_poll_at=NEVER)
        with store.work() as work:
            later = NOW + 9000 * HOUR
            assert [feed.url for feed in claim(work, later)] == [TWO]
            asked = work.feeds.ask([ONE], later, recent=later)
            assert asked.skipped == ((ONE, "gone: HTTP 410 Gone; --force polls it again"),)
            assert work.feeds.ask([ONE], later, recent=later, stopped=True).feeds
            assert [feed.url for feed in claim(work, later)] == [ONE]
            work.feeds.release_claims()
        finish(store, ONE, state="gone", next_poll_at=NEVER)
        with store.work() as work:
            work.feeds.sync([FeedConfig(url=ONE), FeedConfig(url=TWO)], NOW)
            assert [feed.url for feed in claim(work, NOW)] == [TWO]
            work.feeds.sync([FeedConfig(url=ONE, enabled=False)], NOW)
            work.feeds.sync([FeedConfig(url=ONE)], NOW)
            assert [feed.url for feed in claim(work, NOW)] == [ONE]


def test_notices_are_lines_of_the_log(place: Place) -> None:
    """In the order of their poll, with a seq, and without a record."""
    health = Notice(kind="health", detail={"feed": ONE, "to": "failing"})
    with a_store(place, ONE) as store:
        finish(store, ONE, notices=(GAP, health))
        with store.read() as work:
            lines = work.log.after(Seq(0), limit=9)
    assert [(line.seq, line.kind, line.record, line.detail) for line in lines] == [
        (1, "gap", None, GAP.detail),
        (2, "health", None, health.detail),
    ]


def test_stories_with_other_guids_are_no_gap(place: Place) -> None:
    """SC-33: a site that changed all its guids misses nothing; another feed's story proves nothing."""
    with a_store(place, ONE, TWO) as store:
        finish(store, ONE, digest=True)
        finish(store, ONE, digest=True, notices=(GAP,))
        with store.read() as work:
            assert [line.kind for line in work.log.after(Seq(0), limit=9)] == ["new"]
        finish(store, TWO, digest=True, notices=(GAP,))
        with store.read() as work:
            assert [line.kind for line in work.log.after(Seq(0), limit=9)] == ["new", "gap"]


def test_polls_are_kept_for_the_audit(place: Place) -> None:
    """With what they had to keep."""
    bounds = Bounds(floor_at=NOW + HOUR, hint_at=NOW + 2 * HOUR, hint="ttl")
    with a_store(place, ONE) as store:
        finish(store, ONE)
        finish(store, ONE, bounds=bounds, status=304, wire_bytes=0)
        with store.read() as work:
            first, second = work.schedule.polls(NOW - HOUR)
            assert list(work.schedule.polls(NOW + HOUR)) == []
    assert (first.origin, first.status, first.wire_bytes, first.asked, first.bounds) == (
        "one.example",
        200,
        1000,
        True,
        None,
    )
    assert (second.status, second.bounds) == (304, bounds)
