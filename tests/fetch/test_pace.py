"""Learning how often an origin wants to be asked: additive increase, multiplicative decrease."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.pace import SLOWEST, Signal, learn, spacing_of
from aggregator.model import Pace

NOW = datetime(2026, 10, 18, 12, 0, tzinfo=UTC)
USUAL = timedelta(seconds=2)
FRESH = Pace(origin="a.example")
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)

usuals = st.timedeltas(timedelta(), timedelta(minutes=20))
chances = st.floats(0, 1, exclude_max=True)
waits = st.none() | st.timedeltas(timedelta(), timedelta(days=400))


@st.composite
def signals(draw: st.DrawFn) -> list[Signal]:
    """A conversation with an origin."""
    at, heard = NOW, []
    for _ in range(draw(st.integers(1, 30))):
        at += draw(st.timedeltas(timedelta(), timedelta(hours=1)))
        kind = draw(st.sampled_from(["refused", "welcome", "neither"]))
        heard.append(
            Signal(
                started=at - draw(st.timedeltas(timedelta(), timedelta(minutes=1))),
                at=at,
                refused=kind == "refused",
                welcome=kind == "welcome",
                wait=draw(waits),
                spacing=draw(waits),
            )
        )
    return heard


def refusal(pace: Pace = FRESH, *, at: datetime = NOW, wait: timedelta | None = None, chance: float = 0.0) -> Pace:
    return learn(pace, Signal(started=at, at=at, refused=True, wait=wait), USUAL, chance=chance)


def welcome(pace: Pace, *, at: datetime = NOW + DAY) -> Pace:
    return learn(pace, Signal(started=at, at=at, welcome=True), USUAL, chance=0.0)


def test_a_refusal_halves_the_rate() -> None:
    """ST-06: again and again, down to one request in five minutes."""
    pace, seen = FRESH, []
    for number in range(10):
        pace = refusal(pace, at=NOW + number * DAY)
        seen.append(spacing_of(pace, USUAL))
    assert seen[:3] == [4 * SECOND, 8 * SECOND, 16 * SECOND]
    assert seen[-1] == SLOWEST


def test_refusals_of_one_burst_count_once() -> None:
    """ST-07: what was on its way when the origin was slowed says nothing about the new pace."""
    slowed = refusal(at=NOW + SECOND)
    assert (
        learn(slowed, Signal(started=NOW, at=NOW + 2 * SECOND, refused=True), USUAL, chance=0.0).delay == slowed.delay
    )


def test_what_one_refusal_took_is_back_after_thirty_two_welcomes() -> None:
    """Each adds the same to the rate, and never more than is configured."""
    pace, rates = refusal(), []
    for _ in range(32):
        rates.append(1 / spacing_of(pace, USUAL).total_seconds())
        pace = welcome(pace)
    steps = [late - early for early, late in pairwise(rates)]
    assert max(steps) - min(steps) < 1e-6
    pace = welcome(pace)
    assert pace.delay is None
    assert spacing_of(welcome(pace), USUAL) == USUAL


def test_a_refusal_without_a_time_pauses_the_origin() -> None:
    """ST-06, ST-07: the longer the slower it already is."""
    once = refusal()
    twice = refusal(once, at=NOW + DAY)
    assert once.not_before == NOW + timedelta(minutes=2)
    assert twice.not_before == NOW + DAY + timedelta(minutes=4)


def test_a_wait_is_obeyed_up_to_a_day_and_jitter_only_adds() -> None:
    """ST-01, ST-03, ST-08: on any answer; those who waited together do not come back together."""
    hour = timedelta(hours=1)
    told = Signal(started=NOW, at=NOW, welcome=True, wait=hour)
    assert learn(FRESH, told, USUAL, chance=0.0).not_before == NOW + hour
    assert learn(FRESH, told, USUAL, chance=0.5).not_before == NOW + hour + timedelta(minutes=2.5)
    assert refusal(wait=90 * DAY).not_before == NOW + DAY


def test_a_shorter_wait_does_not_end_a_longer_one() -> None:
    """ST-07."""
    paused = refusal(wait=timedelta(hours=2))
    assert refusal(paused, at=NOW + SECOND, wait=SECOND).not_before == paused.not_before


def test_a_stated_policy_is_kept() -> None:
    """A hundred an hour is one in 36 seconds; without the statement the pace recovers."""
    stated = Signal(started=NOW, at=NOW, welcome=True, spacing=36 * SECOND)
    pace = learn(FRESH, stated, USUAL, chance=0.0)
    assert spacing_of(pace, USUAL) == 36 * SECOND
    assert spacing_of(welcome(pace), USUAL) < 36 * SECOND
    assert learn(FRESH, replace(stated, spacing=SECOND), USUAL, chance=0.0) == FRESH


@given(signals(), usuals, chances)
def test_no_conversation_makes_it_faster_than_configured_or_slower_than_bounded(
    heard: list[Signal], usual: timedelta, chance: float
) -> None:
    """ST-03, SC-25."""
    pace = FRESH
    for signal in heard:
        before, pace = pace, learn(pace, signal, usual, chance=chance)
        assert usual <= spacing_of(pace, usual) <= max(SLOWEST, usual)
        assert before.not_before is None or (pace.not_before is not None and pace.not_before >= before.not_before)
        assert pace.not_before is None or pace.not_before <= signal.at + DAY + timedelta(hours=1)
        if signal.wait:
            assert pace.not_before is not None
            assert pace.not_before >= signal.at + min(signal.wait, DAY)
        if signal.refused:
            assert spacing_of(pace, usual) >= spacing_of(before, usual)
            assert pace.not_before is not None
        elif signal.spacing is None:
            assert spacing_of(pace, usual) <= spacing_of(before, usual)
