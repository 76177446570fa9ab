"""What holds for all of the API: problem details, and how much one client may ask."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from aggregator.settings.models import WebSettings
from aggregator.web.buckets import Buckets
from tests.store.factory import NOW
from tests.web.making import a_library, a_story, browsing

WRONG = {
    "/api/nothing": 404,
    "/api": 404,
    "/api/records/nothing": 404,
    "/api/records?limit=x": 422,
    "/api/records?limit=0": 422,
    "/api/records?order=best": 422,
    "/api/records?since=yesterday": 422,
    "/api/records?since=0001-01-01T00:00:00%2B10:00": 422,
    "/api/changes?after=-1": 422,
    "/api/changes?after=99999999999999999999": 422,
    "/api/changes?kind=news": 422,
    "/api/changes?wait=nan": 422,
    "/api/search": 422,
}


def expect_problem(got: httpx.Response, status: int) -> None:
    assert got.headers["content-type"] == "application/problem+json"
    said = got.json()
    assert (got.status_code, said["status"], said["type"]) == (status, status, "about:blank")
    assert said["title"]
    assert said["detail"]
    assert all(set(flaw) == {"in", "name", "detail"} for flaw in said.get("errors", ()))


@pytest.mark.parametrize(("path", "status"), WRONG.items())
async def test_what_did_not_work_is_said_in_problem_details(tmp_path: Path, path: str, status: int) -> None:
    """RFC 9457."""
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            expect_problem(await client.get(path), status)


async def test_a_method_that_there_is_not_and_a_store_that_cannot_be_read_are_problems_too(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
                got = await client.request(method, "/api/records")
                expect_problem(got, 405)
                assert got.headers["allow"] == "GET"
            assert (await client.delete("/api/feeds")).headers["allow"] == "GET, POST"
            connection = sqlite3.connect(tmp_path / "store.sqlite")
            connection.execute("PRAGMA user_version=1")
            connection.close()
            got = await client.get("/api/records")
            expect_problem(got, 503)
            assert got.headers["retry-after"] == "60"
            assert str(tmp_path) not in got.text


async def test_one_address_may_ask_so_often_and_no_more(tmp_path: Path) -> None:
    """The pages are not counted; a program is told when to go on."""
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store, web=WebSettings(listen="127.0.0.1:0", rate=1)) as client:
            assert {(await client.get("/api/feeds")).status_code for _ in range(10)} == {200}
            got = await client.get("/api/records")
            expect_problem(got, 429)
            assert got.headers["retry-after"] == "1"
            assert (await client.get("/")).status_code == 200


def test_a_bucket_fills_with_time_and_every_client_has_its_own() -> None:
    now = NOW
    buckets = Buckets(2, lambda: now)
    assert [buckets.take("192.0.2.1") for _ in range(21)] == [0.0] * 20 + [0.5]
    assert buckets.take("192.0.2.2") == 0
    now += timedelta(seconds=1)
    assert [buckets.take("192.0.2.1") for _ in range(3)] == [0, 0, 0.5]
    now -= timedelta(hours=1)
    assert buckets.take("192.0.2.1") == 0.5


def test_whoever_has_a_network_of_ipv6_is_one_client() -> None:
    buckets = Buckets(1, lambda: NOW)
    assert [buckets.take(f"2001:db8::{n}") for n in range(11)] == [0] * 10 + [1]
    assert buckets.take("2001:db8:0:1::1") == 0


def test_no_rate_is_no_limit() -> None:
    buckets = Buckets(0, lambda: NOW)
    assert not any(buckets.take("x") for _ in range(1000))
