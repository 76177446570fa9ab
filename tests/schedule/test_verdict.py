"""How a feed does, in one word."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.schedule.verdict import TROUBLE, VERDICTS, Signs, Verdict, silence_allowed, verdict
from tests.schedule.making import DAY, HOUR, MINUTE, NOW

MOMENTS = st.timedeltas(-4000 * DAY, DAY).map(lambda back: NOW + back)
SIGNS = st.builds(
    Signs,
    state=st.sampled_from(["new", "ok", "slow-down", "failing", "gone", "disabled", "not-a-feed"]),
    is_active=st.booleans(),
    is_busy=st.booleans(),
    polled_at=st.none() | MOMENTS,
    read_at=st.none() | MOMENTS,
    due_at=st.none() | MOMENTS,
    gap=st.none() | st.timedeltas(timedelta(0), 1000 * DAY),
    newest_at=st.none() | MOMENTS,
)


def judged(**fields: Any) -> Verdict:
    """Return the verdict on a feed with a story a day, polled half an hour ago, but for ``fields``."""
    signs: dict[str, Any] = {
        "state": "ok",
        "is_active": True,
        "polled_at": NOW - HOUR / 2,
        "read_at": NOW - HOUR / 2,
        "due_at": NOW + HOUR / 2,
        "gap": DAY,
        "newest_at": NOW - DAY,
    }
    return verdict(Signs(**{**signs, **fields}), NOW)


@pytest.mark.parametrize(
    ("silent", "gap", "expected"),
    [
        (2 * DAY, DAY, "ok"),
        (10 * HOUR, 10 * MINUTE, "ok"),  # a night
        (4 * DAY, DAY, "quiet"),
        (4 * DAY, HOUR, "quiet"),  # a long weekend
        (13 * DAY, HOUR, "quiet"),
        (15 * DAY, HOUR, "dead"),
        (30 * DAY, DAY, "dead"),
        (200 * DAY, 30 * DAY, "quiet"),
        (301 * DAY, 30 * DAY, "dead"),
        (600 * DAY, 365 * DAY, "ok"),
        (731 * DAY, 365 * DAY, "dead"),
        (60 * DAY, None, "ok"),
        (301 * DAY, None, "dead"),
        (-DAY, DAY, "ok"),  # dated ahead
    ],
)
def test_silence_is_judged_by_the_rhythm(silent: timedelta, gap: timedelta | None, expected: Verdict) -> None:
    assert judged(read_at=NOW, newest_at=NOW - silent, gap=gap) == expected


def test_a_feed_that_never_had_an_entry_is_quiet() -> None:
    assert judged(newest_at=None, gap=None) == "quiet"


def test_our_own_pause_is_not_held_against_a_feed() -> None:
    """Nobody looked for a month: what it published meanwhile is not known."""
    month_ago = NOW - 30 * DAY
    assert judged(polled_at=month_ago, read_at=month_ago, newest_at=month_ago, due_at=month_ago + HOUR) == "behind"
    assert judged(state="failing", read_at=month_ago, newest_at=month_ago) == "failing"


def test_a_poll_may_be_late_by_half_of_its_wait_and_a_quarter_of_an_hour_at_least() -> None:
    assert judged(due_at=NOW - 14 * MINUTE) == "ok"
    assert judged(due_at=NOW - 16 * MINUTE, polled_at=NOW - 26 * MINUTE) == "behind"
    assert judged(polled_at=NOW - 14 * HOUR, due_at=NOW - 4 * HOUR) == "ok"
    assert judged(polled_at=NOW - 16 * HOUR, due_at=NOW - 6 * HOUR) == "behind"
    assert judged(due_at=NOW - HOUR, is_busy=True) == "ok"


def test_states_have_the_last_word_where_they_say_more() -> None:
    assert judged(state="slow-down") == "failing"
    assert judged(state="not-a-feed", newest_at=NOW - 900 * DAY) == "failing"
    assert judged(state="gone", due_at=None) == "gone"
    assert judged(state="failing", due_at=NOW - 2 * DAY) == "behind"
    assert judged(state="new", polled_at=None, read_at=None, due_at=NOW) == "new"
    assert judged(is_active=False, due_at=NOW - 90 * DAY) == "paused"


@given(SIGNS)
def test_every_feed_has_a_verdict_and_time_alone_never_mends_it(signs: Signs) -> None:
    """Whoever is behind stays so until there is a poll."""
    told = verdict(signs, NOW)
    assert told in VERDICTS
    assert verdict(signs, NOW + 30 * DAY) in ({"behind"} | {told} if signs.due_at and not signs.is_busy else {told})
    if signs.state == "gone" or not signs.is_active:
        assert told not in TROUBLE


@given(st.timedeltas(timedelta(0), 4000 * DAY), st.timedeltas(timedelta(0), 4000 * DAY))
def test_a_slower_rhythm_allows_as_long_a_silence_or_longer(first: timedelta, second: timedelta) -> None:
    quick, slow = sorted((first, second))
    assert silence_allowed(quick) <= silence_allowed(slow)
    assert silence_allowed(slow) > slow
