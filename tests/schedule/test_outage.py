"""Whether it is our own network that is down (ST-39), decided from values alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Failed, FailureKind, Feed, FeedId, Overdue
from aggregator.schedule.outage import Outage, after_answer, after_setback, catch_up, is_answer, is_setback, places
from tests.schedule.making import NOW, a_feed, not_modified

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
FEEDS = [
    a_feed(id=FeedId(number), fetch_url=f"https://{name}.example/feed", failures=0.0)
    for number, name in enumerate("abcdef")
]
OUT = Outage()
for moment, feed in enumerate(FEEDS[:3]):
    OUT = after_setback(OUT, feed, NOW + moment * SECOND)


@pytest.mark.parametrize(
    ("kind", "status", "setback", "answer"),
    [
        ("dns", None, True, False),
        ("connect", None, True, False),
        ("timeout", None, True, False),
        ("tls", None, True, False),
        ("connect", 200, False, False),
        ("timeout", 200, False, False),
        ("status", 500, False, True),
        ("protocol", None, False, True),
        ("blocked", None, False, False),
    ],
)
def test_only_silence_speaks_for_an_outage(kind: FailureKind, status: int | None, setback: bool, answer: bool) -> None:
    """ST-39: our own guard's refusal says nothing either way, nor does an answer that broke off."""
    result = Failed(kind=kind, message="", url="", status=status)
    assert (is_setback(result), is_answer(result)) == (setback, answer)
    assert is_answer(not_modified())


def test_three_unrelated_sites_make_an_outage() -> None:
    """ST-39: from the first of them on, and all three are to be forgiven."""
    assert OUT.since == NOW
    assert [setback.feed for setback in OUT.setbacks] == FEEDS[:3]


def test_three_in_an_hour_are_enough_where_nobody_answers() -> None:
    """ST-39: who has few feeds polls seldom."""
    outage = Outage()
    for number, feed in enumerate(FEEDS[:3]):
        outage = after_setback(outage, feed, NOW + number * timedelta(minutes=29))
    assert (outage.since, len(outage.setbacks)) == (NOW, 3)


def test_setbacks_far_apart_or_of_feeds_that_failed_before_make_none() -> None:
    """ST-39."""
    apart = failing = Outage()
    for number, feed in enumerate(FEEDS):
        apart = after_setback(apart, feed, NOW + number * timedelta(minutes=31))
        failing = after_setback(failing, replace(feed, failures=1.0), NOW)
    assert (apart.since, failing.since) == (None, None)
    assert len(apart.setbacks) == 2


def test_an_answer_ends_the_suspicion_and_the_outage() -> None:
    """ST-39: those that were forgiven prove nothing a second time until they answered."""
    over = after_answer(OUT, FEEDS[3])
    assert (over.since, over.setbacks, set(over.suspects)) == (None, (), {0, 1, 2})
    for feed in FEEDS[:3]:
        over = after_setback(over, feed, NOW + DAY)
    assert over.since is None
    assert after_answer(over, FEEDS[0]).suspects == {1, 2}


def test_probes_go_one_at_a_time_with_growing_pauses() -> None:
    """ST-39: 5, 10, 20, 40 and then every 60 seconds; polls that were under way do not count as probes."""
    outage, now, pauses = after_setback(OUT, FEEDS[3], NOW + 3 * SECOND), NOW + 2 * SECOND, []
    for _ in range(6):
        assert outage.probe_at is not None
        pauses.append((outage.probe_at - now) / SECOND)
        now = outage.probe_at
        assert places(outage, now - SECOND, free=9, running=0) == 0
        assert places(outage, now, free=9, running=1) == 0
        assert places(outage, now, free=9, running=0) == 1
        outage = after_setback(outage, FEEDS[0], now)
    assert pauses == [5, 10, 20, 40, 60, 60]
    assert places(Outage(), now, free=9, running=3) == 9


def test_what_is_likeliest_to_have_lost_entries_is_caught_up_first() -> None:
    """ST-39, SC-24: by how often the window has turned over since; ten a second; never read, last."""

    def late(ident: int, hours_ago: float | None, median: timedelta | None) -> Overdue:
        read = None if hours_ago is None else NOW - timedelta(hours=hours_ago)
        return Overdue(id=FeedId(ident), last_ok_at=read, median_published=read - median if read and median else None)

    due = catch_up([late(1, None, None), late(2, 3, DAY), late(3, 3, timedelta(hours=1)), late(4, 3, None)], NOW)
    assert sorted(due, key=lambda ident: due[ident]) == [3, 4, 2, 1]
    assert [(moment - NOW) / SECOND for moment in sorted(due.values())] == [0.0, 0.1, 0.2, 0.3]


@given(st.lists(st.tuples(st.sampled_from(FEEDS[:2]), st.booleans(), st.integers(0, 600)), max_size=60))
def test_fewer_than_three_sites_never_make_an_outage(polls: list[tuple[Feed, bool, int]]) -> None:
    """ST-39: whatever they do."""
    outage, now = Outage(), NOW
    for feed, answered, seconds in polls:
        now += seconds * SECOND
        outage = after_answer(outage, feed) if answered else after_setback(outage, feed, now)
        assert outage.since is None


@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 600), st.booleans()), max_size=80),
)
def test_an_answer_always_ends_it_and_a_probe_is_never_far(polls: list[tuple[int, bool, int, bool]]) -> None:
    """ST-39: no sequence of polls leaves polling stopped."""
    outage, now = Outage(), NOW
    for index, answered, seconds, failing in polls:
        now += seconds * SECOND
        feed = replace(FEEDS[index], failures=float(failing))
        outage = after_answer(outage, feed) if answered else after_setback(outage, feed, now)
        assert not (answered and outage.since)
        assert places(outage, now + timedelta(minutes=1), free=1, running=0) == 1
