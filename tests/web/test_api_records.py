"""Records over the API."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from aggregator.publish.record import row_lines
from aggregator.store.contract import Store
from aggregator.web.api_models import RecordShape
from tests.store.factory import NOW, a_digest, poll
from tests.web.making import BASE, GAZETTE, HERALD, a_library, a_story, browsing, index

NDJSON = {"Accept": "application/x-ndjson"}


async def pages(client: httpx.AsyncClient, path: str, **params: Any) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield the records of each page."""
    after = None
    while True:
        got = (await client.get(path, params={**params, **({} if after is None else {"after": after})})).json()
        yield got["records"]
        after = got["next"]
        if after is None:
            return


async def slugs(client: httpx.AsyncClient, **params: Any) -> list[str]:
    return [each["slug"] async for page in pages(client, "/api/records", **params) for each in page]


def exported(store: Store) -> bytes:
    with store.read() as work:
        return b"".join(row_lines(rows, BASE) for rows in work.records.rows())


async def test_every_record_is_listed_once_page_by_page_as_an_export_has_it(tmp_path: Path) -> None:
    with a_library(tmp_path, *(a_story(n, title=f"Story {n} \u2028") for n in range(1, 8))) as store:
        async with browsing(store) as client:
            found = [page async for page in pages(client, "/api/records", limit=3, order="oldest")]
            assert [len(page) for page in found] == [3, 3, 1]
            lines = [json.loads(line) for line in exported(store).splitlines()]
            assert [record for page in found for record in page] == lines
            assert await slugs(client, limit=2) == [each["slug"] for each in reversed(lines)]
            assert list(found[0][0]) == list(RecordShape.model_fields)


async def test_who_asks_for_lines_gets_lines_and_the_next_page_in_a_header(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1), a_story(2)) as store:
        async with browsing(store) as client:
            got = await client.get("/api/records?order=oldest", headers=NDJSON)
            assert (got.headers["content-type"], got.headers["vary"]) == ("application/x-ndjson", "accept")
            assert got.content == exported(store)
            first = await client.get("/api/records?limit=1&lang=en", headers=NDJSON)
            assert first.links["next"]["url"] == "?limit=1&lang=en&after=2"
            again = await client.get(
                "/api/records?order=oldest", headers={**NDJSON, "If-None-Match": got.headers["etag"]}
            )
            assert (again.status_code, again.content) == (304, b"")


async def test_records_are_narrowed_as_exports_are(tmp_path: Path) -> None:
    one, two = a_story(1, topics=("news",), lang="en"), a_story(2, topics=("sport",), lang="zh-Hans")
    with a_library(tmp_path, one, two) as store:
        poll(store, GAZETTE, a_digest(a_story(3)), NOW + timedelta(hours=1))
        async with browsing(store) as client:
            assert await slugs(client, topic="sport") == ["story-2"]
            assert await slugs(client, topic=["sport", "news"], lang="zh") == ["story-2"]
            assert await slugs(client, feed=GAZETTE) == ["story-3"]
            assert await slugs(client, since=(NOW + timedelta(minutes=1)).isoformat()) == ["story-3"]
            assert await slugs(client, until="2026-06-24T22:30", order="oldest") == ["story-1", "story-2"]
            assert await slugs(client, tag="none") == []


async def test_a_search_through_much_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """So many records are looked through at a time; that there are more is said although none was found."""
    with a_library(tmp_path, *(a_story(n, lang="de" if n == 1 else "en") for n in range(1, 5_040))) as store:
        async with browsing(store) as client:
            found = [page async for page in pages(client, "/api/records", lang="de")]
            assert [[each["slug"] for each in page] for page in found] == [[], ["story-1"]]


async def test_a_record_is_had_by_its_slug_with_validators(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            got = await client.get("/api/records/story-1")
            assert got.content == exported(store)
            again = await client.get(
                "/api/records/story-1", headers={"If-Modified-Since": got.headers["last-modified"]}
            )
            assert again.status_code == 304


@pytest.mark.parametrize(
    ("change", "status"), [("merged_into=2", 308), ("retracted_at='2026-06-25 10:00:00.000000+00:00'", 410)]
)
async def test_what_became_of_a_record_is_said(tmp_path: Path, change: str, status: int) -> None:
    with a_library(tmp_path, a_story(1), a_story(2)) as store:
        with store.work() as work:
            work.browsing._sql.execute(f"UPDATE records SET {change} WHERE id=1")  # type: ignore[attr-defined]
        async with browsing(store) as client:
            got = await client.get("/api/records/story-1")
            assert got.status_code == status
            assert got.headers.get("location") == ("story-2" if status == 308 else None)
            assert await slugs(client) == ["story-2"]
            assert (await client.get("/api/records/nothing")).status_code == 404


async def test_the_search_finds_whole_records(tmp_path: Path) -> None:
    """SQ-21: whatever is typed."""
    ferries = [a_story(n, title=f"Ferry {n}", topics=("boats",)) for n in range(1, 6)]
    with a_library(tmp_path, *ferries, replace(a_story(9), title="Bread")) as store:
        index(store)
        async with browsing(store) as client:
            got = (await client.get("/api/search", params={"q": "ferr*", "limit": 2})).json()
            assert (got["total"], got["next"], len(got["records"])) == (5, 2, 2)
            assert {"kind": "topic", "label": "boats", "name": "boats", "records": 5} in got["facets"]
            last = await client.get("/api/search", params={"q": "ferr*", "limit": 2, "offset": 4})
            assert (last.json()["next"], len(last.json()["records"])) == (None, 1)
            for q in ('"', "AND", "(", "", "a\x00b", "NEAR(", "nope:x"):
                assert (await client.get("/api/search", params={"q": q})).status_code == 200, q


async def test_feeds_are_listed_without_their_secrets(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            first = (await client.get("/api/feeds?limit=1")).json()
            assert first["feeds"][0]["url"] == HERALD.replace("user:secret@", "***@")
            assert (first["feeds"][0]["records"], first["next"]) == (1, 0)
            rest = (await client.get("/api/feeds?after=0")).json()
            assert ([each["id"] for each in rest["feeds"]], rest["next"]) == ([2], None)
