"""The one thread that writes."""

import asyncio
import threading
from functools import partial
from pathlib import Path

import pytest

from aggregator.model import Notice, Seq
from aggregator.store.contract import Work
from aggregator.store.location import open_store
from aggregator.store.writer import Writer
from tests.store.factory import NOW


async def test_a_call_that_fails_takes_nothing_of_the_others_with_it(tmp_path: Path) -> None:
    """SU-04, SU-06: of a hundred tasks at once, those that fail take nothing of the others with them."""

    def job(number: int, work: Work) -> int:
        work.consumers.advance(f"c{number:03}", Seq(0), NOW)
        if number % 3 == 0:
            raise RuntimeError(number)
        return number

    async with Writer(open_store(f"sqlite:///{tmp_path}/store.sqlite", create=True)) as write:
        calls = (write(partial(job, number)) for number in range(100))
        ends = await asyncio.gather(*calls, return_exceptions=True)
        kept = await write(lambda work: [status.name for status in work.consumers.statuses()])
    assert [end for end in ends if isinstance(end, int)] == [number for number in range(100) if number % 3]
    assert kept == [f"c{number:03}" for number in range(100) if number % 3]


async def test_calls_that_wait_are_committed_together_and_told_afterwards(tmp_path: Path) -> None:
    """SU-04: another connection sees nothing of the first as long as the second, which waits with it, is at work."""
    store = open_store(f"sqlite:///{tmp_path}/store.sqlite", create=True)
    begun, waiting = threading.Event(), threading.Event()

    def hold(work: Work) -> None:
        begun.set()
        assert waiting.wait(10)

    def seen(work: Work) -> int:
        work.consumers.advance("second", Seq(0), NOW)
        with store.read() as other:
            return len(other.consumers.statuses())

    async with Writer(store) as write:
        held = asyncio.create_task(write(hold))
        await asyncio.to_thread(begun.wait, 10)
        first = asyncio.create_task(write(lambda work: work.consumers.advance("first", Seq(0), NOW)))
        second = asyncio.create_task(write(seen))
        await asyncio.sleep(0)
        waiting.set()
        assert await second == 0
        await asyncio.gather(held, first)
        assert await write(lambda work: len(work.consumers.statuses())) == 2


async def test_who_waits_no_more_does_not_hold_up_the_others(tmp_path: Path) -> None:
    """Cancelled while it is written, a call is written all the same."""
    store = open_store(f"sqlite:///{tmp_path}/store.sqlite", create=True)
    begun, waiting = threading.Event(), threading.Event()

    def hold(work: Work) -> None:
        work.consumers.advance("held", Seq(0), NOW)
        begun.set()
        assert waiting.wait(10)

    async with Writer(store) as write:
        held = asyncio.create_task(write(hold))
        await asyncio.to_thread(begun.wait, 10)
        held.cancel()
        waiting.set()
        assert await write(lambda work: [status.name for status in work.consumers.statuses()]) == ["held"]


async def test_calls_keep_their_order(tmp_path: Path) -> None:
    """SU-04: what was asked for first is written first."""
    seen: list[int] = []

    def note(number: int, work: Work) -> None:
        seen.append(number)

    async with Writer(open_store(f"sqlite:///{tmp_path}/store.sqlite", create=True), patient=True) as write:
        await asyncio.gather(*(write(partial(note, number)) for number in range(50)))
    assert seen == list(range(50))


async def test_a_bug_is_raised_and_not_waited_for(tmp_path: Path) -> None:
    """However patient the writer."""
    async with Writer(open_store(f"sqlite:///{tmp_path}/store.sqlite", create=True), patient=True) as write:
        with pytest.raises(ZeroDivisionError):
            await write(lambda work: work.records.count() // 0)
        assert not write.is_held_up


async def test_where_one_fails_the_others_are_written_once_and_in_their_order(tmp_path: Path) -> None:
    """SU-04: what was run and undone leaves nothing behind."""

    def job(number: int, work: Work) -> int:
        work.log.note([Notice(kind="gap", detail={"number": number})], None, NOW)
        if number == 13:
            raise RuntimeError(number)
        return work.log.last()

    async with Writer(open_store(f"sqlite:///{tmp_path}/store.sqlite", create=True)) as write:
        ends = await asyncio.gather(*(write(partial(job, number)) for number in range(50)), return_exceptions=True)
        changes = await write(lambda work: work.log.after(Seq(0), limit=100))
    assert [end for end in ends if isinstance(end, int)] == list(range(1, 50))
    assert [change.detail for change in changes] == [{"number": number} for number in range(50) if number != 13]
