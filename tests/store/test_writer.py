"""The one thread that writes."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from aggregator.model import Seq
from aggregator.store.contract import Work
from aggregator.store.location import open_store
from aggregator.store.writer import Writer
from tests.store.factory import NOW


async def test_every_call_is_a_transaction_of_its_own(tmp_path: Path) -> None:
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
