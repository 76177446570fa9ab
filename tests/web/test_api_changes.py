"""The change log over the API."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

from aggregator.model import Notice
from tests.store.factory import NOW, a_digest, poll
from tests.web.making import GAZETTE, HERALD, a_library, a_story, browsing

HOUR = timedelta(hours=1)


async def test_changes_are_listed_from_a_place_on(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1), a_story(2)) as store:
        poll(store, HERALD, a_digest(a_story(1, body="Another.")), NOW + HOUR)
        async with browsing(store) as client:
            got = (await client.get("/api/changes?limit=2")).json()
            assert ([each["seq"] for each in got["changes"]], got["next"]) == ([1, 2], 2)
            rest = (await client.get("/api/changes?after=2")).json()
            assert [(each["kind"], each["revision"]) for each in rest["changes"]] == [("updated", 2)]
            assert rest["changes"][0]["record"]["body_md"] == "Another."
            assert (await client.get("/api/changes?after=3")).json() == {"changes": [], "next": 3}
            lines = await client.get("/api/changes", headers={"Accept": "application/x-ndjson"})
            assert [json.loads(line)["seq"] for line in lines.text.splitlines()] == [1, 2, 3]
            assert lines.links["next"]["url"] == "?after=3"


async def test_changes_are_narrowed_and_the_place_moves_on_all_the_same(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1), a_story(2)) as store:
        with store.work() as work:
            work.log.note([Notice(kind="gap", detail={"missed": 3})], None, NOW)
        poll(store, GAZETTE, a_digest(a_story(3)), NOW + HOUR)
        async with browsing(store) as client:
            gaps = (await client.get("/api/changes?kind=gap")).json()
            assert ([each["seq"] for each in gaps["changes"]], gaps["next"]) == ([3], 4)
            theirs = (await client.get("/api/changes", params={"feed": GAZETTE, "kind": ["new", "updated"]})).json()
            assert [each["seq"] for each in theirs["changes"]] == [4]
            assert (await client.get("/api/changes?topic=none&limit=2")).json() == {"changes": [], "next": 2}


async def test_who_waits_is_told_at_once(tmp_path: Path) -> None:
    """And who waits for something else waits on, until the time is over."""
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client, asyncio.timeout(30):
            waiting = asyncio.create_task(client.get("/api/changes?after=1&wait=25"))
            other = asyncio.create_task(client.get("/api/changes?after=1&wait=3&kind=gap"))
            assert (await client.get("/api/changes?after=1")).json() == {"changes": [], "next": 1}
            poll(store, HERALD, a_digest(a_story(2)), NOW + HOUR)
            assert [each["seq"] for each in (await waiting).json()["changes"]] == [2]
            assert (await other).json() == {"changes": [], "next": 2}


async def test_a_site_that_closes_keeps_nobody_waiting(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with asyncio.timeout(20):
            async with browsing(store) as client:
                waiting = asyncio.create_task(client.get("/api/changes?after=1&wait=60"))
                assert (await client.get("/api/changes")).status_code == 200
                await asyncio.sleep(0)
            await asyncio.gather(waiting, return_exceptions=True)
