"""Changes as they come."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx

from tests.store.factory import NOW, a_digest, poll
from tests.web.making import HERALD, OPEN, a_library, a_story, browsing


async def test_a_change_is_told_to_whoever_listens_and_the_site_can_still_be_closed(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client, client.stream("GET", "/api/changes/stream") as got:
            assert got.headers["content-type"].startswith("text/event-stream")
            lines = got.aiter_lines()
            assert await anext(lines) == "retry: 5000"
            poll(store, HERALD, a_digest(a_story(2)), NOW + timedelta(hours=1))
            async with asyncio.timeout(20):
                event = [line async for line in until(lines, "data: ")]
            assert event[-3:-1] == ["id: 2", "event: new"]
            assert json.loads(event[-1].removeprefix("data: "))["record"]["slug"] == "story-2"


async def test_who_was_away_gets_what_came_meanwhile(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1), a_story(2), a_story(3)) as store:
        async with browsing(store) as client:
            headers = {"Last-Event-ID": "1"}
            async with client.stream("GET", "/api/changes/stream", headers=headers) as got, asyncio.timeout(20):
                event = [line async for line in until(got.aiter_lines(), "data: ")]
                assert "id: 2" in event


async def test_who_listens_for_some_kinds_gets_those_and_need_not_begin_where_it_did(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1), a_story(2)) as store:
        path = "/api/changes/stream?after=0&kind=updated"
        async with browsing(store) as client, client.stream("GET", path) as got, asyncio.timeout(20):
            lines = got.aiter_lines()
            assert [line async for line in until(lines, "id: ")] == ["retry: 5000", "", "id: 2"]
            poll(store, HERALD, a_digest(a_story(1, body="Another.")), NOW + timedelta(hours=1))
            assert "event: updated" in [line async for line in until(lines, "data: ")]


async def test_no_more_listen_than_may_and_a_place_is_free_again_when_one_leaves(tmp_path: Path) -> None:
    """Listeners cost connections, which the site needs for others too."""
    one = OPEN.model_copy(update={"listeners": 1})
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store, web=one) as client, asyncio.timeout(30):
            client.timeout = httpx.Timeout(20)
            async with client.stream("GET", "/api/changes/stream") as got:
                lines = got.aiter_lines()  # kept: one that nothing holds is closed, and the connection with it
                assert await anext(lines) == "retry: 5000"
                for path in ("/api/changes/stream", "/api/changes?after=1&wait=9"):
                    refused = await client.get(path)
                    assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
                    assert "listeners" in refused.json()["detail"]
                assert (await client.get("/api/changes?after=0")).status_code == 200
            while (await client.get("/api/changes?after=1&wait=0.01")).status_code == 503:
                pass  # until the site has seen that the one before left


async def until(lines: AsyncIterator[str], start: str) -> AsyncIterator[str]:
    """Yield the lines up to the first that starts so."""
    async for line in lines:
        yield line
        if line.startswith(start):
            return
