"""What a process does that is not alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from aggregator.daemon import clock
from aggregator.fetch.budget import OriginBudget, OriginPausedError
from aggregator.fleet.member import Member
from aggregator.store.postgres.store import PostgresStore
from aggregator.store.writer import Writer
from tests.postgres import Server
from tests.store.places import Place

_DELAY = timedelta(seconds=0.4)
_ELSEWHERE = "elsewhere.example"


@asynccontextmanager
async def member(url: str) -> AsyncIterator[tuple[Member, OriginBudget]]:
    """Offer one that holds nothing, and its budget."""
    async with Writer(PostgresStore(url)) as write:
        yield Member(url, write, clock), OriginBudget(per_host=1, host_delay=_DELAY, concurrency=9)


async def test_redirects_of_several_processes_to_an_origin_keep_its_distance(postgres: Server) -> None:
    """Nobody holds its bucket: no feed is there. SC-25, for all of them together."""
    url, loop = postgres.fresh(), asyncio.get_running_loop()
    async with member(url) as (first, one), member(url) as (second, other):
        begin = loop.time()
        await asyncio.gather(first.lead(one, _ELSEWHERE), second.lead(other, _ELSEWHERE))
        assert loop.time() - begin >= _DELAY.total_seconds() - 0.05


async def test_a_redirect_does_not_lead_where_another_process_was_told_to_wait(postgres: Server) -> None:
    """And the wait is as it was. ST-03."""
    url = postgres.fresh()
    Place(url).change(f"INSERT INTO origins (origin, next_allowed_at) VALUES ('{_ELSEWHERE}', '2100-01-01')")
    Place(url).change("UPDATE origins SET next_allowed_at = now() + interval '1 hour'")
    before = Place(url).rows("SELECT next_allowed_at FROM origins")
    async with member(url) as (process, budget):
        with pytest.raises(OriginPausedError):
            await process.lead(budget, _ELSEWHERE)
    assert Place(url).rows("SELECT next_allowed_at FROM origins") == before
