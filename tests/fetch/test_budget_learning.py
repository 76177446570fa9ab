"""The budget obeys what it learns."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.fetch import Fetcher, FetchRequest, Limits, OriginBudget, OriginPausedError, Origins
from aggregator.fetch.pace import Signal
from aggregator.model import Failed, Fetched, Pace
from tests.fetch.making import NOW, policy_for
from tests.hostile_server import HostileServer, redirect

_HOUR = timedelta(hours=1)
_DELAY = timedelta(seconds=0.05)
_REFUSAL = Signal(started=NOW, at=NOW, refused=True, wait=_HOUR)


def budget(*, delay: float = 0.0, special: dict[str, Limits] | None = None) -> OriginBudget:
    return OriginBudget(per_host=1, host_delay=timedelta(seconds=delay), concurrency=4, special=special)


async def enter(shared: OriginBudget, origin: str) -> None:
    async with shared.slot(origin):
        pass


async def test_a_paused_origin_is_not_entered_and_others_are() -> None:
    """ST-07, HX-21: who waits already is told, and nobody else is held up."""
    shared = budget()
    async with shared.slot("a"):
        waiting = asyncio.create_task(enter(shared, "a"))
        await asyncio.sleep(0)
        shared.heard("a", _REFUSAL)
    with pytest.raises(OriginPausedError) as caught:
        await waiting
    assert timedelta(minutes=59) < caught.value.wait <= _HOUR
    with pytest.raises(OriginPausedError):
        await shared.hop("a")
    await enter(shared, "b")


async def test_what_was_learnt_is_told_once_and_can_be_restored() -> None:
    """ST-07: over a restart."""
    shared = budget()
    shared.heard("a", Signal(started=NOW, at=NOW, welcome=True))
    assert shared.news() == ()
    shared.heard("a", _REFUSAL)
    (pace,) = shared.news()
    assert shared.news() == ()
    again = budget()
    again.restore([pace], NOW)
    with pytest.raises(OriginPausedError):
        await enter(again, "a")
    later = budget()
    later.restore([pace], NOW + 2 * _HOUR)
    await enter(later, "a")


async def test_a_clock_that_was_wrong_pauses_nobody() -> None:
    """SC-28: no server may ask for more than a day."""
    shared = budget()
    shared.restore([Pace(origin="a", not_before=NOW + timedelta(days=300))], NOW)
    await enter(shared, "a")


async def test_a_clock_that_went_back_makes_no_wait_longer() -> None:
    """SC-28: neither the pause nor what is learnt from the next answers."""
    shared, then = budget(), NOW - 10 * _HOUR
    shared.heard("a", replace(_REFUSAL, wait=timedelta(seconds=0.01)))
    shared.heard("b", _REFUSAL)
    shared.mend(then)
    await asyncio.sleep(0.02)
    shared.heard("a", Signal(started=then + _HOUR, at=then + _HOUR, welcome=True))
    await enter(shared, "a")
    with pytest.raises(OriginPausedError) as caught:
        await enter(shared, "b")
    assert caught.value.wait <= _HOUR
    before, _ = shared.news()
    shared.heard("a", Signal(started=then + _HOUR, at=then + _HOUR, refused=True))
    (after,) = shared.news()
    assert after.delay > before.delay  # type: ignore[operator]  # both were learnt


async def test_the_learnt_distance_is_kept_and_told_apart_from_the_configured() -> None:
    """SC-25: between starts, on the event loop's clock."""
    shared, loop = budget(), asyncio.get_running_loop()
    shared.restore([Pace(origin="a", delay=timedelta(seconds=0.06))], NOW)
    began = loop.time()
    await enter(shared, "a")
    await asyncio.gather(enter(shared, "a"), enter(shared, "b"))
    assert loop.time() - began >= 0.059


async def test_a_group_has_limits_of_its_own() -> None:
    """SC-25, ST-07: and where verdicts are not shared nothing is learnt from one answer."""
    shared = budget(delay=60, special={"@hub": Limits(per_host=3, delay=timedelta(), shared_verdict=False)})
    shared.heard("@hub", _REFUSAL)
    assert shared.news() == ()
    for _ in range(5):
        await enter(shared, "@hub")
    assert (shared.most_per_origin, shared.shares_verdicts("@hub"), shared.shares_verdicts("a")) == (3, False, True)


async def test_a_redirect_waits_for_the_turn_of_where_it_leads() -> None:
    """SC-25: it counts there, whether somebody else waits or not, and takes no seat."""
    shared, loop = budget(delay=0.05), asyncio.get_running_loop()
    began = loop.time()
    async with shared.slot("a"):
        await shared.hop("b")
        await shared.hop("b")
    await enter(shared, "b")
    assert 0.099 <= loop.time() - began < 1


@pytest.mark.parametrize("per_host", [1, 2])
async def test_the_next_request_keeps_away_from_a_redirect_within_the_origin(per_host: int) -> None:
    """SC-25: whoever waits for a start that was promised before waits on."""
    shared, loop = OriginBudget(per_host=per_host, host_delay=_DELAY, concurrency=4), asyncio.get_running_loop()
    async with shared.slot("a"):
        waiting = asyncio.create_task(enter(shared, "a"))
        await asyncio.sleep(0.03)
        followed = loop.time()
        shared.follow("a")
    await waiting
    assert loop.time() - followed >= _DELAY.total_seconds() * 0.99


async def test_a_redirect_within_an_origin_is_followed_at_once(server: HostileServer) -> None:
    """SC-25: and counted."""
    shared, loop = budget(delay=0.2), asyncio.get_running_loop()
    async with Fetcher(policy_for(server), now=lambda: NOW, budget=shared, origin_of=Origins("domain").of) as fetcher:
        async with shared.slot("127.0.0.1"):
            began = loop.time()
            moved = FetchRequest(url=server.url(redirect(302, server.url("/feed"))))
            assert isinstance(await fetcher.fetch(moved), Fetched)
            answered = loop.time()
        await enter(shared, "127.0.0.1")
    assert answered - began < 0.2 < loop.time() - began


async def test_the_memory_of_origins_has_a_bound() -> None:
    """A redirect may lead to any number of them."""
    shared = budget()
    shared.restore((Pace(origin=str(number), delay=timedelta(seconds=1)) for number in range(10_050)), NOW)
    assert len(shared._paces) == 10_000


async def test_every_hop_is_on_the_budget_of_its_origin(server: HostileServer) -> None:
    """ST-07, SC-25: the origin that refused is slowed, not the one that redirected there; it is not asked again."""
    shared = budget()
    there = server.url("/status/429?Retry-After=3600", host="127.0.0.2")
    first, second = (FetchRequest(url=server.url(redirect(302, there))) for _ in range(2))
    async with Fetcher(policy_for(server), now=lambda: NOW, budget=shared, origin_of=Origins("domain").of) as fetcher:
        refused = await fetcher.fetch(first)
        assert isinstance(refused, Failed)
        assert (refused.status, refused.url) == (429, there)
        assert [pace.origin for pace in shared.news()] == ["127.0.0.2"]
        with pytest.raises(OriginPausedError):
            await fetcher.fetch(second)
        assert isinstance(await fetcher.fetch(FetchRequest(url=server.url("/feed"))), Fetched)
    assert sum(b"/status/429" in head.split(b"\r\n")[0].split(b"?")[0] for head in server.heads) == 1


async def test_waiting_for_a_hop_is_not_the_exchanges_time(server: HostileServer) -> None:
    """HX-13: the deadline is for servers."""
    shared = budget(delay=0.4)
    await shared.hop("127.0.0.2")
    policy = policy_for(server, timeout=timedelta(seconds=0.3))
    request = FetchRequest(url=server.url(redirect(302, server.url("/feed", host="127.0.0.2"))))
    async with Fetcher(policy, now=lambda: NOW, budget=shared, origin_of=Origins("domain").of) as fetcher:
        assert isinstance(await fetcher.fetch(request), Fetched)
