"""Who may ask when (HX-21)."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from aggregator.fetch import OriginBudget

_DELAY = 0.05


def budget(*, per_host: int = 1, delay: float = 0.0, concurrency: int = 32) -> OriginBudget:
    """A budget without spacing, unless asked for."""
    return OriginBudget(per_host=per_host, host_delay=timedelta(seconds=delay), concurrency=concurrency)


async def _most_at_once(shared: OriginBudget, origins: list[str]) -> int:
    running = most = 0

    async def ask(origin: str) -> None:
        nonlocal running, most
        async with shared.slot(origin):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1

    await asyncio.gather(*map(ask, origins))
    return most


@pytest.mark.parametrize("per_host", [1, 3])
async def test_an_origin_has_so_many_exchanges_at_once(per_host: int) -> None:
    """HX-21."""
    assert await _most_at_once(budget(per_host=per_host), ["a"] * 10) == per_host


async def test_all_origins_together_have_so_many() -> None:
    """HX-21."""
    assert await _most_at_once(budget(concurrency=4), [str(number) for number in range(20)]) == 4


async def test_starts_of_one_origin_are_spaced_even_where_the_queue_is_long() -> None:
    """HX-21: waiting for the global limit does not eat up the distance."""
    shared, loop = budget(per_host=3, delay=_DELAY, concurrency=1), asyncio.get_running_loop()
    starts: dict[str, list[float]] = {"a": [], "b": []}

    async def ask(origin: str) -> None:
        async with shared.slot(origin):
            starts[origin].append(loop.time())
            await asyncio.sleep(_DELAY / 5)

    await asyncio.gather(*(ask(origin) for origin in ("a", "b") * 4))
    for times in starts.values():
        assert len(times) == 4
        assert all(late - early >= _DELAY * 0.99 for early, late in pairwise(times))


async def test_a_crowded_origin_delays_no_other() -> None:
    """HX-21: two hundred feeds of one host wait for their turn without a place in the queue of all."""
    shared = budget(delay=60, concurrency=2)
    finished: list[str] = []

    async def ask(origin: str) -> None:
        async with shared.slot(origin):
            finished.append(origin)

    crowd = [asyncio.create_task(ask("crowded")) for _ in range(200)]
    await asyncio.gather(*(ask(f"host-{number}") for number in range(50)))
    assert finished.count("crowded") == 1
    assert len(finished) == 51
    for task in crowd:
        task.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)


async def test_a_cancelled_wait_leaves_no_place_taken() -> None:
    """HX-21."""
    shared = budget(concurrency=1)
    async with shared.slot("a"):
        waiting = [asyncio.create_task(_most_at_once(shared, [origin])) for origin in ("a", "b")]
        await asyncio.sleep(0.01)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    assert await _most_at_once(shared, ["a", "b", "a"]) == 1


async def test_a_bug_inside_a_slot_gives_it_back() -> None:
    """HX-22."""
    shared = budget(concurrency=1)
    with pytest.raises(ZeroDivisionError):
        async with shared.slot("a"):
            raise ZeroDivisionError
    assert await _most_at_once(shared, ["a"]) == 1


async def test_an_idle_origin_is_forgotten_once_it_may_ask_anyway() -> None:
    """Memory is bounded by the origins of the last delay."""
    spaced, eager = budget(delay=60), budget()
    for shared in (spaced, eager):
        await _most_at_once(shared, [str(number) for number in range(100)])
    await asyncio.sleep(0)  # one turn of the loop
    assert (len(spaced), len(eager)) == (100, 0)
