"""What holds for every answer."""

import sqlite3
from pathlib import Path

from aggregator.store.sqlite.schema import VERSION
from tests.web.making import a_library, a_story, browsing

PATHS = (
    "/",
    "/news/story-1",
    "/news/story-1.md",
    "/news/nothing",
    "/search?q=x",
    "/static/x/icon.svg",
    "/static/x/none",
)


async def test_every_answer_carries_the_headers_of_safety(tmp_path: Path) -> None:
    """XS-23, XS-26: no inline script, no frame, no sniffing, no referrer; what is no page is in a sandbox."""
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            for path in PATHS:
                headers = (await client.get(path)).headers
                policy = headers["content-security-policy"]
                assert policy.startswith("default-src 'none'")
                assert "frame-ancestors 'none'" in policy
                assert "unsafe" not in policy
                assert ("sandbox" in policy) is not headers["content-type"].startswith("text/html")
                assert headers["x-content-type-options"] == "nosniff"
                assert headers["referrer-policy"] == "no-referrer"
                assert not {"server", "set-cookie"} & set(headers)


async def test_what_was_kept_keeps_its_policy(tmp_path: Path) -> None:
    """A browser takes the headers of a 304 over into what it shows."""
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            for path in ("/", "/news/story-1", "/news/story-1.md", "/feed.atom", "/static/x/icon.svg"):
                got = await client.get(path)
                again = await client.get(path, headers={"If-None-Match": got.headers["etag"]})
                assert (again.status_code, "content-security-policy" in again.headers) == (304, False)
                assert again.headers["x-content-type-options"] == "nosniff"


HOSTS = {
    **dict.fromkeys(("news.example", "NEWS.example:8077", "localhost:1", "127.0.0.1", "[::1]:8077"), 200),
    **dict.fromkeys(("attacker.example", "news.example.attacker.example", "news.example@attacker.example"), 421),
    **dict.fromkeys(("", "[::1"), 421),
}


async def test_a_strangers_name_for_this_host_is_refused(tmp_path: Path) -> None:
    """DNS rebinding: the page of an attacker must not read what is served on loopback."""
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            found = {host: (await client.get("/about", headers={"Host": host})).status_code for host in HOSTS}
            assert found == HOSTS


AWAY = (
    "//evil.example",
    "//evil.example/..",
    "/\\evil.example",
    "/news//evil.example",
    "/news/%2F%2Fevil.example",
    "/search//evil.example?q=//evil.example",
)


async def test_no_address_leads_to_another_site(tmp_path: Path) -> None:
    """An open redirect lends the site's good name to a stranger."""
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            for path in AWAY:
                got = await client.send(client.build_request("GET", "/", extensions={"target": path.encode()}))
                assert "location" not in got.headers


async def test_pages_are_for_reading(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
                assert (await client.request(method, "/news/story-1")).status_code == 405


async def test_a_store_that_cannot_be_read_is_a_break_and_no_bug(tmp_path: Path) -> None:
    """And it is over as soon as the store is there again (SQ-10)."""
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            assert (await client.get("/")).status_code == 200
            connection = sqlite3.connect(tmp_path / "store.sqlite")
            connection.execute("PRAGMA user_version=1")
            got = await client.get("/")
            assert (got.status_code, got.headers["retry-after"]) == (503, "60")
            connection.execute(f"PRAGMA user_version={VERSION}")
            connection.close()
            assert (await client.get("/")).status_code == 200
