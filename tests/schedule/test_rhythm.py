"""What a feed's answers teach about its rhythm."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.model import Digest, Feed, FeedHints, Rhythm
from aggregator.schedule.next_poll import next_poll
from aggregator.schedule.policy import PollPolicy
from aggregator.schedule.rhythm import is_on_time, learnt, mean_gap
from tests.schedule.making import DAY, HOUR, MINUTE, NOW, POLICY, a_digest, a_document, a_feed, not_modified, polled


def dates(gap: timedelta, count: int = 10, newest: datetime = NOW - HOUR) -> tuple[datetime, ...]:
    """Return dates so far apart."""
    return tuple(newest - place * gap for place in range(count))


def pace_after(feed: Feed, read: Digest | None) -> timedelta | None:
    """Return the pace after a document."""
    return learnt(feed, a_document(), read, POLICY, NOW).pace


def lively(gap: timedelta = HOUR, count: int = 20, **rhythm: Any) -> Feed:
    """Return a feed whose first document, with so many entries so far apart, was read now."""
    new = a_feed(digested_at=None, last_poll_at=None, last_ok_at=None, rhythm=Rhythm(in_phase=True))
    read = a_digest(new=count, dates=dates(gap, count, newest=NOW - 35 * MINUTE))
    done = learnt(new, a_document(), read, POLICY, NOW)
    return a_feed(rhythm=replace(done, in_phase=True, **rhythm))


def silent_for(feed: Feed, *waits: timedelta, policy: PollPolicy = POLICY) -> list[timedelta]:
    """Return the paces after polls so long after the first document, all of them without news."""
    paces = []
    for wait in waits:
        feed = replace(feed, rhythm=learnt(feed, not_modified(), None, policy, NOW + wait))
        assert feed.rhythm.pace is not None
        paces.append(feed.rhythm.pace)
    return paces


def test_without_new_entries_the_interval_grows_up_to_the_cap() -> None:
    """SC-32, SC-34: a feed that fell silent; an unchanged document, a 304 and one that was only edited alike."""
    paces = silent_for(lively(2 * HOUR), HOUR, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 400 * DAY)
    assert paces == sorted(paces)
    assert paces[0] < 2 * HOUR
    assert paces[-1] > 22 * HOUR
    feed = lively(2 * HOUR)
    edited = learnt(feed, a_document(), a_digest(new=1, old=18, expected=19, dates=dates(2 * HOUR)), POLICY, NOW + DAY)
    same = learnt(feed, not_modified(), None, POLICY, NOW + DAY)
    assert edited.pace is not None
    assert same.pace is not None
    assert edited.pace <= same.pace


def test_new_entries_shorten_the_interval_down_to_the_floor() -> None:
    """SC-32: a feed that comes back to life."""
    feed = lively(6 * HOUR)
    slow = silent_for(feed, 20 * DAY)[0]
    quiet = replace(feed, rhythm=learnt(feed, not_modified(), None, POLICY, NOW + 20 * DAY))
    later = NOW + 20 * DAY + 3 * HOUR
    news = a_digest(new=9, old=11, dates=dates(10 * MINUTE, 20, newest=later))
    pace = learnt(quiet, a_document(), news, POLICY, later).pace
    assert pace is not None
    assert pace < slow / 2
    assert pace_after(lively(MINUTE), a_digest(old=20)) == HOUR


def test_a_document_of_nothing_but_new_entries_shortens_the_interval_at_once() -> None:
    """SC-33: about a quarter of the time in which the last document was replaced, however dear a request is."""
    dear = replace(POLICY, price=1000.0)
    feed = lively(10 * HOUR, count=9)
    later = NOW + 20 * HOUR
    read = a_digest(new=9, expected=9, dates=dates(2 * HOUR, 9, newest=later))
    pace = learnt(feed, a_document(), read, dear, later).pace
    assert pace is not None
    assert pace <= 9 * HOUR
    assert pace < (silent_for(feed, 20 * HOUR, policy=dear)[0])


def test_a_feed_without_entries_waits_for_the_longest_interval() -> None:
    """SC-36, ST-32: that is no error."""
    feed = a_feed(digested_at=None, last_poll_at=None, last_ok_at=None, state="new")
    done = polled(feed, a_document(), a_digest())
    assert (done.feed.state, done.feed.rhythm.pace) == ("ok", DAY)


@pytest.mark.parametrize(
    ("gap", "least", "most"), [(6 * HOUR, 1, 4), (DAY, 2, 8), (7 * DAY, 5, 20), (60 * DAY, 20, 24)]
)
def test_the_first_document_sets_the_pace(gap: timedelta, least: int, most: int) -> None:
    """SC-34: a feed of old is not asked hourly for a day first."""
    pace = lively(gap).rhythm.pace
    assert pace is not None
    assert least * HOUR <= pace <= most * HOUR


def test_a_feed_without_dates_is_polled_as_usual_until_it_was_watched_for_a_day() -> None:
    new = a_feed(digested_at=None, rhythm=Rhythm())
    rhythm = learnt(new, a_document(), a_digest(new=10), POLICY, NOW)
    assert rhythm.pace == HOUR
    silent = silent_for(a_feed(rhythm=rhythm), 2 * HOUR, 30 * DAY)
    assert silent[0] == HOUR
    assert silent[1] > 6 * HOUR


def test_dates_are_believed_as_far_as_they_can_be_true() -> None:
    """An entry that was not there at the last poll came since then, whatever it says; nobody knows when."""
    feed = lively()
    old = a_digest(new=5, old=15, dates=dates(HOUR, 20, newest=NOW - DAY))
    after = learnt(feed, a_document(), old, POLICY, NOW + 2 * HOUR).habit
    assert feed.rhythm.habit is not None
    assert after is not None
    assert after.count > feed.rhythm.habit.count + 4.5
    assert after.of_hour == feed.rhythm.habit.of_hour


def test_a_document_of_ten_thousand_entries_is_learnt_from_by_its_latest() -> None:
    """Hostile: what is learnt is bounded."""
    habit = lively(MINUTE, 10_000).rhythm.habit
    assert habit is not None
    assert 95 < habit.count <= 100


def test_a_feed_from_before_habits_were_kept_has_one_by_its_mean_gap() -> None:
    known = a_feed(rhythm=Rhythm(pace=5 * HOUR, gap=6 * HOUR, newest_at=NOW - 5 * HOUR, entries=20, in_phase=True))
    pace = learnt(known, not_modified(), None, POLICY, NOW).pace
    assert pace is not None
    assert HOUR <= pace <= 4 * HOUR


def test_a_tag_may_want_its_entries_sooner() -> None:
    """The strictest of them counts, and the floor all the same."""
    feed = lively(6 * HOUR)
    wanting = {"news": 45 * MINUTE, "urgent": MINUTE}
    policy = replace(POLICY, price=100.0, freshness=wanting)
    paces = [
        learnt(replace(feed, tags=tags), not_modified(), None, policy, NOW).pace or DAY
        for tags in ((), ("other", "news"), ("news", "urgent"))
    ]
    assert paces == sorted(paces, reverse=True)
    assert paces[1] < 3 * HOUR
    assert paces[2] == HOUR


def test_the_mean_gap_is_that_of_the_latest_entries() -> None:
    """An entry that was pinned years ago does not count."""
    assert mean_gap(()) is None
    assert mean_gap((NOW,)) is None
    assert mean_gap((NOW, NOW)) is None
    assert mean_gap((*dates(HOUR, 20), NOW - 4000 * DAY)) == HOUR


def test_hints_of_a_document_hold_after_a_304() -> None:
    """SC-14, SC-16, SC-19: they are kept with the feed."""
    hints = FeedHints(ttl=3 * HOUR, skip_hours=(3,))
    feed = polled(a_feed(), a_document(), a_digest(old=3, hints=hints)).feed
    assert polled(feed, not_modified()).feed.rhythm.hints == hints
    assert polled(feed, a_document(), a_digest(old=3)).feed.rhythm.hints == FeedHints()


def test_freshness_is_renewed_by_a_304_and_kept_by_one_that_is_silent() -> None:
    """SC-13."""
    feed = polled(a_feed(), a_document(headers={"cache-control": "max-age=7200"})).feed
    assert feed.rhythm.fresh_for == 2 * HOUR
    assert polled(feed, not_modified()).feed.rhythm.fresh_for == 2 * HOUR
    again = polled(feed, not_modified(headers={"cache-control": "max-age=43200"})).feed
    assert (again.rhythm.fresh_for, next_poll(again, POLICY).rule) == (12 * HOUR, "max-age")
    assert polled(feed, not_modified(headers={"expires": "0"})).feed.rhythm.fresh_for is None
    assert polled(feed, a_document()).feed.rhythm.fresh_for is None


def test_a_poll_in_a_crowd_is_not_on_time() -> None:
    """SC-23, SC-24: the first one, one that was asked for, and one that an outage held up."""
    feed = a_feed()
    assert is_on_time(feed, NOW + HOUR)
    assert is_on_time(feed, NOW + HOUR + 15 * MINUTE)
    assert not is_on_time(feed, NOW + HOUR + 16 * MINUTE)
    assert not is_on_time(replace(feed, asked=True), NOW + HOUR)
    assert not is_on_time(replace(feed, last_poll_at=None), NOW + HOUR)


@given(
    rhythm=st.builds(
        Rhythm,
        pace=st.none() | st.timedeltas(timedelta(), 9 * DAY),
        habit=st.none() | st.just(lively(3 * HOUR).rhythm.habit),
        gap=st.none() | st.timedeltas(timedelta(), 900 * DAY),
        newest_at=st.none() | st.timedeltas(timedelta(), 900 * DAY).map(lambda age: NOW - age),
        entries=st.integers(0, 18),
    ),
    news=st.integers(0, 9),
    olds=st.integers(0, 9),
    gone=st.integers(0, 9),
)
@example(rhythm=Rhythm(pace=timedelta(microseconds=1), entries=1), news=1, olds=0, gone=0)
@example(rhythm=Rhythm(gap=timedelta(), newest_at=NOW), news=0, olds=1, gone=0)
def test_the_pace_stays_within_the_walls(rhythm: Rhythm, news: int, olds: int, gone: int) -> None:
    """SC-15, SC-32."""
    read = a_digest(new=news, old=olds, expected=olds + gone, dates=dates(HOUR, news + olds))
    after = learnt(a_feed(rhythm=rhythm), a_document(), read, POLICY, NOW)
    assert after.pace is not None
    assert HOUR <= after.pace <= DAY
