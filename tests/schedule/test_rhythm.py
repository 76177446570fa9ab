"""What a feed's answers teach about its rhythm."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Digest, Feed, FeedHints, Rhythm
from aggregator.schedule.next_poll import next_poll
from aggregator.schedule.rhythm import expected, is_on_time, learnt, mean_gap
from tests.schedule.making import DAY, HOUR, MINUTE, NOW, POLICY, a_digest, a_document, a_feed, not_modified, polled


def dates(gap: timedelta, count: int = 10, newest: datetime = NOW - HOUR) -> tuple[datetime, ...]:
    """Return dates so far apart."""
    return tuple(newest - place * gap for place in range(count))


def paced(pace: timedelta, **rhythm: Any) -> Feed:
    """Return a feed of that pace, last read an hour ago."""
    return a_feed(last_ok_at=NOW - HOUR, digested_at=NOW - HOUR, rhythm=Rhythm(pace=pace, in_phase=True, **rhythm))


def pace_after(feed: Feed, read: Digest | None) -> timedelta | None:
    """Return the pace after a document."""
    return learnt(feed, a_document(), read, POLICY, NOW).pace


def test_without_new_entries_the_interval_grows_up_to_the_cap() -> None:
    """SC-32: by half; an unchanged document, a 304 and one that was only edited alike."""
    feed, seen = a_feed(), []
    for _ in range(10):
        feed = polled(feed, not_modified()).feed
        seen.append(feed.rhythm.pace)
    assert seen[:3] == [1.5 * HOUR, 2.25 * HOUR, 3.375 * HOUR]
    assert seen[-1] == DAY
    assert pace_after(paced(2 * HOUR), a_digest(old=5)) == 3 * HOUR
    assert next_poll(feed, POLICY).rule == "rhythm"


def test_new_entries_halve_the_interval_down_to_the_floor() -> None:
    """SC-32."""
    assert pace_after(paced(8 * HOUR), a_digest(new=1, old=9)) == 4 * HOUR
    assert pace_after(paced(1.5 * HOUR), a_digest(new=1, old=9)) == HOUR


def test_a_document_of_nothing_but_new_entries_shortens_the_interval_at_once() -> None:
    """SC-33: a quarter of the time in which the last document was replaced."""
    feed = replace(paced(20 * HOUR), last_ok_at=NOW - 20 * HOUR)
    assert pace_after(feed, a_digest(new=9, expected=9)) == 5 * HOUR
    assert pace_after(feed, a_digest(new=9, expected=0)) == 10 * HOUR


@pytest.mark.parametrize(
    ("age", "gap", "interval"),
    [
        (40 * DAY, HOUR, DAY),
        (30 * DAY, HOUR, DAY),
        (20 * DAY, HOUR, DAY / 2),
        (8 * DAY, HOUR, DAY / 4),
        (8 * DAY, 30 * HOUR, 15 * HOUR),
        (HOUR, 6 * HOUR, 3 * HOUR),
        (HOUR, MINUTE, HOUR),
        (HOUR, 60 * DAY, DAY),
        (HOUR, None, None),
    ],
)
def test_the_dates_of_entries_speak_for_an_interval(
    age: timedelta, gap: timedelta | None, interval: timedelta | None
) -> None:
    """SC-34: half the mean gap; a feed that fell silent is asked more rarely."""
    assert expected(Rhythm(newest_at=NOW - age, gap=gap, entries=9), POLICY, NOW) == interval


def test_a_feed_without_entries_waits_for_the_longest_interval() -> None:
    """SC-36, ST-32: that is no error."""
    feed = a_feed(digested_at=None, last_poll_at=None, last_ok_at=None, state="new")
    done = polled(feed, a_document(), a_digest())
    assert (done.feed.state, done.feed.rhythm.pace) == ("ok", DAY)


def test_the_first_document_sets_the_pace() -> None:
    """SC-34: a feed of old is not asked hourly for a day first."""
    new = a_feed(digested_at=None, rhythm=Rhythm())
    assert pace_after(new, a_digest(new=10, dates=dates(6 * HOUR))) == 3 * HOUR
    assert pace_after(new, a_digest(new=10, dates=dates(HOUR, newest=NOW - 100 * DAY))) == DAY
    assert pace_after(new, a_digest(new=10)) == HOUR


def test_new_entries_bring_a_slow_feed_back_to_its_usual_rhythm() -> None:
    """SC-32, SC-34: a news site in the morning."""
    assert pace_after(paced(20 * HOUR), a_digest(new=3, old=9, dates=dates(10 * MINUTE))) == HOUR


def test_the_interval_does_not_outgrow_the_document() -> None:
    """SC-33: thirty entries at ten minutes each are gone after five hours."""
    quiet = paced(2 * HOUR, gap=10 * MINUTE, entries=30, newest_at=NOW - 2 * HOUR)
    assert pace_after(quiet, None) == 2.5 * HOUR
    silent = replace(quiet, rhythm=replace(quiet.rhythm, newest_at=NOW - 9 * DAY))
    assert pace_after(silent, None) == 3 * HOUR


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
        gap=st.none() | st.timedeltas(timedelta(), 900 * DAY),
        newest_at=st.none() | st.timedeltas(timedelta(), 900 * DAY).map(lambda age: NOW - age),
        entries=st.integers(0, 18),
    ),
    news=st.integers(0, 9),
    olds=st.integers(0, 9),
    gone=st.integers(0, 9),
)
def test_the_pace_stays_within_the_walls(rhythm: Rhythm, news: int, olds: int, gone: int) -> None:
    """SC-15, SC-32."""
    read = a_digest(new=news, old=olds, expected=olds + gone, dates=dates(HOUR, news + olds))
    after = learnt(a_feed(rhythm=rhythm), a_document(), read, POLICY, NOW)
    assert after.pace is not None
    assert HOUR <= after.pace <= DAY
