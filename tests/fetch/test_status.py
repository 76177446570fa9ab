"""What a status says about a feed (ST-01…36)."""

from datetime import timedelta

import pytest

from aggregator.fetch import Fetcher
from aggregator.model import Validators
from tests.fetch.making import failed, fetched, not_modified
from tests.hostile_server import HostileServer


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 410, 415, 429, 451, 500, 503, 520, 599, 999])
async def test_a_refusal_is_a_failure_with_its_status(server: HostileServer, fetcher: Fetcher, status: int) -> None:
    """ST-22, ST-23, ST-24, ST-25, ST-26, ST-27, ST-36, HT-15: one request, no second try with other headers."""
    answer = await failed(fetcher, server.url(f"/status/{status}"))
    assert (answer.kind, answer.status) == ("status", status)
    assert answer.message.startswith(f"HTTP {status}")
    assert len(server.heads) == 1


async def test_the_body_of_an_error_is_not_shown(server: HostileServer, fetcher: Fetcher) -> None:
    """SS-18."""
    answer = await failed(fetcher, server.url("/status/500"))
    assert answer.message == "HTTP 500 Internal Server Error"


async def test_a_cloudflare_challenge_is_named(server: HostileServer, fetcher: Fetcher) -> None:
    """ST-24."""
    answer = await failed(fetcher, server.url("/status/403?cf-mitigated=challenge&Content-Type=text/html"))
    assert "Cloudflare challenge" in answer.message


@pytest.mark.parametrize("status", [206, 226])
async def test_an_answer_that_was_not_asked_for_is_an_error(
    server: HostileServer, fetcher: Fetcher, status: int
) -> None:
    """ST-33, ST-34, HT-09: neither ranges nor deltas are asked for."""
    assert (await failed(fetcher, server.url(f"/status/{status}"))).kind == "status"
    assert b"Range" not in server.heads[0]
    assert b"A-IM" not in server.heads[0]


@pytest.mark.parametrize("path", ["/empty", "/blank"])
async def test_an_empty_body_is_a_failure(server: HostileServer, fetcher: Fetcher, path: str) -> None:
    """ST-31."""
    assert (await failed(fetcher, server.url(path))).kind == "empty"


async def test_a_page_is_handed_on_as_it_is(server: HostileServer, fetcher: Fetcher) -> None:
    """ST-12, ST-30, ST-37: whether it is a feed is for others to say; nothing in it is followed."""
    result = await fetched(fetcher, server.url("/login"))
    assert result.headers["content-type"] == "text/html"
    assert len(server.heads) == 1


@pytest.mark.parametrize("status", [429, 503, 404])
async def test_a_slow_down_is_reported(server: HostileServer, fetcher: Fetcher, status: int) -> None:
    """ST-01, ST-06, ST-08: reported, and not answered by a second request."""
    answer = await failed(fetcher, server.url(f"/status/{status}?Retry-After=3600"))
    assert answer.retry_after == timedelta(hours=1)
    assert (await failed(fetcher, server.url(f"/status/{status}"))).retry_after is None
    assert len(server.heads) == 2


async def test_a_slow_down_by_date_counts_from_the_servers_clock(server: HostileServer, fetcher: Fetcher) -> None:
    """ST-02."""
    query = "Date=Mon, 01 Jan 2001 00:00:00 GMT&Retry-After=Mon, 01 Jan 2001 00:10:00 GMT".replace(" ", "+")
    answer = await failed(fetcher, server.url(f"/status/503?{query}"))
    assert answer.retry_after == timedelta(minutes=10)


async def test_a_slow_down_comes_with_good_news_too(server: HostileServer, fetcher: Fetcher) -> None:
    """ST-08."""
    result = await fetched(fetcher, server.url("/headers?Retry-After=60"))
    assert result.retry_after == timedelta(minutes=1)
    url = server.url("/status/304?Retry-After=90")
    assert (await not_modified(fetcher, url, Validators(etag=b"1", url=url))).retry_after == timedelta(seconds=90)


async def test_headers_are_handed_on(server: HostileServer, fetcher: Fetcher) -> None:
    """Lower-case names, the last of several values."""
    result = await fetched(fetcher, server.url("/headers?Cache-Control=max-age%3D60&X-A=1&X-A=2"))
    assert (result.headers["cache-control"], result.headers["x-a"]) == ("max-age=60", "2")
