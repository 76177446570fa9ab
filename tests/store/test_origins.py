"""What is kept of origins, and what an outage leaves to do."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from aggregator.model import Feed, FeedConfig, Pace
from aggregator.store.commit import commit
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from aggregator.store.sqlite.connection import connect
from aggregator.store.sqlite.schema import VERSION, migrate, migrations
from tests.store.factory import NOW, a_digest, a_draft, a_store, an_outcome, claim
from tests.store.places import Place

HOUR = timedelta(hours=1)
FEEDS = [f"https://{name}.example/feed" for name in "abc"]
SAME = [f"https://one.example/{number}" for number in range(3)]
SLOWED = Pace(
    origin="one.example",
    delay=timedelta(seconds=4.5),
    refused=timedelta(seconds=2),
    slowed_at=NOW,
    not_before=NOW + HOUR,
)


def claimed(store: Store, at: timedelta = timedelta(), per_origin: int = 3) -> list[Feed]:
    with store.work() as work:
        return claim(work, NOW + at, per_origin=per_origin)


def test_what_was_learnt_survives_a_restart(place: Place) -> None:
    """ST-07, SC-04: of origins that have feeds; a later wait replaces an earlier one, and none replaces it."""
    with a_store(place, *SAME) as store, store.work() as work:
        work.origins.keep([SLOWED, replace(SLOWED, origin="of.nobody")])
    with a_store(place, *SAME) as store, store.work() as work:
        assert work.origins.paces() == [SLOWED]
        work.origins.keep([Pace(origin="one.example")])
        assert work.origins.paces() == [Pace(origin="one.example", not_before=SLOWED.not_before)]


def test_a_slowed_origin_has_one_poll_at_a_time(place: Place) -> None:
    """SC-25: once its wait is over."""
    with a_store(place, *SAME) as store:
        with store.work() as work:
            work.origins.keep([SLOWED])
        assert claimed(store) == []
        assert len(claimed(store, HOUR)) == 1


def test_a_wait_that_no_server_may_ask_for_holds_nobody(place: Place) -> None:
    """SC-28: the clock was wrong when it was written."""
    with a_store(place, *SAME) as store:
        with store.work() as work:
            work.origins.keep([Pace(origin="one.example", not_before=NOW + timedelta(days=300))])
        assert len(claimed(store)) == 3


def test_a_feed_belongs_to_the_origin_of_where_it_is_fetched(place: Place) -> None:
    """SC-26, SC-27: as the caller names it, by the adopted URL and the address; at every start anew."""
    with a_store(place, *SAME) as store:
        with store.work() as work:
            (feed, *_) = claim(work, NOW)
            moved = replace(feed, fetch_url="https://moved.example/", address="192.0.2.1", origin="moved.example")
            commit(work, replace(an_outcome(feed, None, NOW), feed=replace(moved, next_poll_at=NOW)))
            work.feeds.release_claims()
        assert {feed.origin for feed in claimed(store)} == {"moved.example", "one.example"}
        with store.work() as work:
            work.feeds.release_claims()
            feeds = [FeedConfig(url=url) for url in SAME]
            work.feeds.sync(feeds, NOW, origin_of=lambda url, address: f"{url[8:13]} {address}")
        assert {feed.origin for feed in claimed(store)} == {"moved 192.0.2.1", "one.e None"}


def test_a_claim_that_is_given_back_never_was(place: Place) -> None:
    """ST-39: but for when the feed is due; another's claim is left alone."""
    with a_store(place, *FEEDS) as store:
        first, second, _ = claimed(store)
        with store.work() as work:
            work.feeds.give_back(first, NOW + HOUR / 12)
            work.feeds.give_back(replace(second, poll_token="another"), NOW)
        assert claimed(store) == []
        (again,) = claimed(store, HOUR / 12)
        assert replace(again, next_poll_at=first.next_poll_at) == replace(first, poll_token=again.poll_token)


def test_forgiveness_restores_the_count_and_the_schedule(place: Place) -> None:
    """ST-39: of feeds that nobody polls at the moment."""
    with a_store(place, *FEEDS) as store:
        before = claimed(store)
        with store.work() as work:
            for feed in before[:2]:
                outcome = an_outcome(feed, None, NOW)
                state = "failing" if feed is before[1] else feed.state
                commit(work, replace(outcome, feed=replace(outcome.feed, failures=1.0, state=state, reason="down")))
            work.recovery.forgive(before)
            statuses = work.feeds.statuses()
        assert [(status.state, status.reason) for status in statuses] == [
            ("new", None),
            ("failing", "down"),  # that has been told
            ("new", None),
        ]
        assert [(status.failures, status.next_poll_at, status.last_poll_at) for status in statuses] == [
            (0.0, NOW, None)
        ] * 3
        assert [feed.url for feed in claimed(store)] == FEEDS[:2]


def test_a_wait_of_a_clock_that_went_back_is_as_long_from_now(place: Place) -> None:
    """SC-28: like that of the feeds; where nothing was polled "in the future" nothing is touched."""
    with a_store(place, *SAME, FEEDS[0]) as store, store.work() as work:
        other = replace(SLOWED, origin="a.example", slowed_at=NOW - HOUR)
        work.origins.keep([SLOWED, other])
        (feed, *_) = claim(work, NOW + HOUR)
        commit(work, an_outcome(feed, None, NOW))
        work.origins.mend(NOW)
        assert work.origins.paces() == [other, SLOWED]
        work.origins.mend(NOW - 10 * HOUR)
        assert work.origins.paces() == [
            other,
            replace(SLOWED, slowed_at=NOW - 10 * HOUR, not_before=NOW - 9 * HOUR),
        ]


def test_what_is_overdue_is_listed_with_the_age_of_its_window(place: Place) -> None:
    """ST-39: the median entry's date, so that one pinned entry says little."""
    ages = (timedelta(days=4000), 3 * HOUR, 2 * HOUR, HOUR)
    drafts = [replace(a_draft(f"x.example/{age}"), published_at=NOW - age) for age in ages]
    with a_store(place, *FEEDS) as store, store.work() as work:
        for feed, digest in zip(claim(work, NOW)[:2], (a_digest(*drafts), None), strict=True):
            commit(work, an_outcome(feed, digest, NOW))
        assert work.recovery.overdue(NOW) == []
        late = sorted(work.recovery.overdue(NOW + HOUR), key=lambda feed: feed.id)
        assert [(feed.last_ok_at, feed.median_published) for feed in late] == [
            (NOW, NOW - 3 * HOUR),
            (NOW, None),
            (None, None),
        ]
        work.recovery.reschedule({late[0].id: NOW + 5 * HOUR})
        assert [status.next_poll_at for status in work.feeds.statuses()] == [NOW + 5 * HOUR, NOW + HOUR, NOW]


def test_a_store_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    """SQ-17: nothing is lost, and once is enough."""
    db = connect(tmp_path / "store.sqlite", checkpoints=True)
    migrations.apply(db, stop_before="m002_origin_budgets")
    db.conn.execute("PRAGMA user_version=1")
    db.conn.execute("INSERT INTO origins VALUES ('one.example', '2026-06-24 23:14:12.589629+00:00')")
    for _ in range(2):
        migrate(db, tmp_path / "store.sqlite")
    assert db.conn.execute("PRAGMA user_version").fetchone()[0] == VERSION
    db.close()
    store = open_store(f"sqlite:///{tmp_path}/store.sqlite")
    with store.work() as work:
        assert work.origins.paces() == [Pace(origin="one.example", not_before=NOW + HOUR)]
    store.close()
