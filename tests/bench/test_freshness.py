"""The simulator of poll schedules."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.freshness.generated import generated
from bench.freshness.hindsight import best_polls, future_known
from bench.freshness.oracle import hours_known
from bench.freshness.ours import ours
from bench.freshness.peers import PEERS, fixed
from bench.freshness.recorded import CORPUS, recorded
from bench.freshness.simulate import Walls, score
from bench.freshness.trace import DAY, HOUR, Policy, Trace
from bench.freshness.tuning import at_budget

WALLS = Walls()


def a_trace(*times: float, window: int = 10, least: float = 0.0) -> Trace:
    """Return a trace of two days from 0, with these times in hours."""
    return Trace(
        name="a",
        kind="made",
        times=[hour * HOUR for hour in times],
        since=0.0,
        until=2 * DAY,
        window=window,
        least=least,
    )


def test_an_entry_waits_for_the_next_poll() -> None:
    found = score([a_trace(1.5, 5.0)], fixed, 2.0, WALLS)
    assert (found.mean, found.requests, found.lost) == (0.75 * HOUR, 12.0, 0)


def test_what_leaves_the_document_before_a_poll_is_lost() -> None:
    found = score([a_trace(1.1, 1.2, 1.3, window=2)], fixed, 2.0, WALLS)
    assert (found.lost, found.entries) == (0.5, 1.5)


def test_hints_and_walls_hold_for_every_schedule() -> None:
    """SC-15."""
    assert score([a_trace(1.0)], fixed, 0.01, WALLS).requests == 24
    assert score([a_trace(1.0, least=6 * HOUR)], fixed, 1.0, WALLS).requests == 4
    assert score([a_trace(1.0)], fixed, 100.0, WALLS).requests == 1


@pytest.mark.parametrize("policy", [hours_known(WALLS), future_known(WALLS)])
def test_who_knows_that_a_feed_never_publishes_polls_it_seldom(policy: Policy) -> None:
    assert score([a_trace()], policy, 1.0, WALLS).requests <= 2


@pytest.mark.parametrize("name", PEERS)
def test_every_peer_finds_everything_sooner_or_later(name: str) -> None:
    traces = list(generated(each=1))
    found = score(traces, PEERS[name][0], 1.0, WALLS)
    published = sum(sum(time > trace.since for time in trace.times) / trace.days for trace in traces)
    assert found.entries == pytest.approx(published, rel=0.05)


def test_ours_waits_less_than_a_fixed_interval_and_more_than_who_knows_the_hours_or_the_future() -> None:
    traces = list(generated(each=2))
    policies = (future_known(WALLS), hours_known(WALLS), ours(WALLS), fixed)
    waits = [at_budget(traces, policy, 3.0, WALLS)[1].mean for policy in policies]
    assert waits == sorted(waits)
    assert waits[2] < 0.7 * waits[3]


@given(
    st.lists(st.floats(0.1, 47.9), min_size=1, max_size=12),
    st.lists(st.floats(1.0, 20.0), min_size=48, max_size=48),
    st.sampled_from([0.0, 3.0]),
    st.floats(1.0, 10 * HOUR),
    st.integers(1, 3),
)
def test_no_schedule_is_better_than_that_of_who_knows_the_future(
    hours: list[float], gaps: list[float], least: float, price: float, window: int
) -> None:
    trace = a_trace(*sorted(hours), window=window, least=least * HOUR)
    polls = best_polls(trace, Walls(longest=3 * DAY), price)
    others = [0.0, *accumulate(max(gap, least) * HOUR for gap in gaps)]
    others = others[: bisect_left(others, trace.until) + 1]
    assert min(then - at for at, then in pairwise(polls)) >= max(1.0, least) * HOUR - 1e-6
    seconds = len(hours) * 61 * len(polls)  # behind entries, and of the minutes to which moments are rounded
    assert _paid(trace, polls, price) <= _paid(trace, others, price) + seconds


def _paid(trace: Trace, polls: Sequence[float], price: float) -> float:
    total = 0.0
    for at, then in pairwise(polls):
        new = [time for time in trace.times if at < time <= then]
        total += price + sum(then - time for time in new) + DAY * max(0, len(new) - trace.window)
    return total


def test_histories_of_real_feeds_are_read() -> None:
    if not CORPUS.is_dir():
        pytest.skip(f"{CORPUS} is absent")
    trace = next(recorded())
    assert trace.since < trace.times[-1] <= trace.until
