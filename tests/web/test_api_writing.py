"""Changes over the API: who may, and what becomes of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from aggregator.feeds import load
from aggregator.settings import Settings
from aggregator.settings.models import WebSettings
from aggregator.store.contract import Work
from aggregator.store.location import open_store
from aggregator.store.writer import Writer
from tests.store.factory import NOW, a_store, claim
from tests.web.making import GAZETTE, HERALD, LATER, browsing
from tests.web.test_api_problems import expect_problem

TOKEN = "a-token-of-the-tests"
WEB = WebSettings(listen="127.0.0.1:0", token=TOKEN)
NEW = "https://new.example/feed"


@asynccontextmanager
async def changing(folder: Path, web: WebSettings = WEB) -> AsyncIterator[tuple[httpx.AsyncClient, Writer, Settings]]:
    """Offer a client that shows the token, and what is behind the site."""
    path = folder / "aggregator.toml"
    path.write_text(f'[store]\nurl = "sqlite:///store.sqlite"\n[[feeds]]\nurl = "{HERALD}"\n', encoding="utf-8")
    settings = load(path, {}).settings
    with a_store(folder, HERALD, GAZETTE):
        pass
    store = open_store(settings.store.url)
    async with Writer(store) as write, browsing(store, web=web, write=(write, settings)) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client, write, settings


async def test_a_feed_that_is_added_is_configured_due_and_listed(tmp_path: Path) -> None:
    async with changing(tmp_path) as (client, write, settings):
        body = {"url": NEW, "name": "New", "tags": ["a"], "interval": "2h"}
        got = await client.post("/api/feeds", json=body)
        assert (got.status_code, got.json()) == (201, {"url": NEW})
        (feed,) = (feed for feed in load(settings.path, {}).feeds if feed.url == NEW)
        assert (feed.name, feed.tags, str(feed.interval)) == ("New", ("a",), "2:00:00")
        assert [each["name"] for each in (await client.get("/api/feeds")).json()["feeds"]][2] == "New"
        due = await write(lambda work: claim(work, LATER))
        assert NEW in [feed.url for feed in due]
        expect_problem(await client.post("/api/feeds", json=body), 409)
        expect_problem(await client.post("/api/feeds", json={"url": HERALD}), 409)


WRONG = {
    "no-json": b"{",
    "no-url": b"{}",
    "unknown-key": b'{"url": "https://a.example/", "headers": {}}',
    "scheme": b'{"url": "file:///etc/passwd"}',
    "interval": b'{"url": "https://a.example/", "interval": "soon"}',
    "loopback": b'{"url": "http://127.0.0.1/"}',
    "metadata": b'{"url": "http://169.254.169.254/latest"}',
    "odd-loopback": b'{"url": "http://localhost:8077/feed.atom"}',
    "loopback-in-hex": b'{"url": "http://0x7f000001/"}',
    "short-private": b'{"url": "http://10.1/feed"}',
    "octal-private": b'{"url": "http://012.0.0.1./feed"}',
    "control-in-name": b'{"url": "https://a.example/", "name": "x\\u0000y"}',
    "control-in-tag": b'{"url": "https://a.example/", "tags": ["x\\u0085y"]}',
    "surrogate": b'{"url": "https://a.example/", "name": "\\ud800"}',
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
async def test_what_is_no_feed_of_the_open_network_is_refused(tmp_path: Path, body: bytes) -> None:
    """SS-*: no parameter leads into a private network."""
    async with changing(tmp_path) as (client, _, settings):
        expect_problem(await client.post("/api/feeds", content=body), 422)
        assert not settings.added.exists()


@pytest.mark.parametrize("path", ["/api/feeds", "/api/poll"])
async def test_nobody_changes_anything_without_the_token(tmp_path: Path, path: str) -> None:
    async with changing(tmp_path) as (client, *_):
        for shown in ("", "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"):
            got = await client.post(path, json={"url": NEW}, headers={b"Authorization": shown.encode()})
            expect_problem(got, 401)
            assert got.headers["www-authenticate"] == "Bearer"
        expect_problem(await client.post(path, content=b"x" * 100_000), 413)


@pytest.mark.parametrize("path", ["/api/feeds", "/api/poll"])
async def test_a_site_without_a_token_takes_no_changes_from_anybody(tmp_path: Path, path: str) -> None:
    async with changing(tmp_path, WebSettings(listen="127.0.0.1:0")) as (client, *_):
        expect_problem(await client.post(path, json={}), 403)


SPOOFED = ("Remote-User", "X-Remote-User", "X-Forwarded-User", "X-Forwarded-For", "X-Real-IP", "Forwarded")


async def test_headers_that_only_a_proxy_could_vouch_for_give_no_right(tmp_path: Path) -> None:
    """SS-17: nobody becomes an operator, or another client, by saying so."""
    web = WEB.model_copy(update={"rate": 1})
    async with changing(tmp_path, web) as (client, *_):
        del client.headers["Authorization"]
        statuses = [
            (await client.post("/api/poll", json={}, headers=dict.fromkeys(SPOOFED, f"192.0.2.{number}"))).status_code
            for number in range(11)
        ]
        assert statuses == [401] * 10 + [429]


async def test_feeds_are_polled_by_their_numbers_or_all_of_them(tmp_path: Path) -> None:
    async with changing(tmp_path) as (client, write, _):
        await write(put_off)
        assert await write(lambda work: claim(work, LATER)) == []
        got = await client.post("/api/poll", json={"feeds": [2]})
        assert (got.status_code, got.json()) == (202, {"feeds": [2], "skipped": []})
        assert [feed.url for feed in await write(lambda work: claim(work, LATER))] == [GAZETTE]
        assert (await client.post("/api/poll", json={})).json()["feeds"] == [1, 2]
        expect_problem(await client.post("/api/poll", json={"feeds": [1, 99]}), 404)
        expect_problem(await client.post("/api/poll", json={"feeds": ["1"]}), 422)


async def test_why_a_feed_is_not_polled_is_said_without_its_secrets(tmp_path: Path) -> None:
    """SC-05."""
    async with changing(tmp_path) as (client, write, _):
        await write(lambda work: work.feeds._sql.execute("UPDATE feeds SET last_poll_at='2026-06-24 22:23:00'"))  # type: ignore[attr-defined]
        got = await client.post("/api/poll", json={"feeds": [1]})
        assert got.json()["feeds"] == []
        assert got.json()["skipped"][0]["url"] == "https://***@herald.example/feed"
        assert (await client.post("/api/poll", json={"feeds": [1], "force": True})).json()["feeds"] == [1]


def put_off(work: Work) -> None:
    for feed in claim(work, NOW):
        work.feeds.give_back(feed, LATER.replace(year=2030))
