"""What the operator wants sent with the requests of one feed (HT-16, SS-17)."""

import asyncio
from datetime import timedelta

import pytest

from aggregator.fetch import Fetcher, FetchRequest
from aggregator.model import Fetched, RequestOptions
from tests.fetch.making import NOW, policy_for
from tests.hostile_server import HostileServer, Visit, redirect, serving

_OWN = RequestOptions(
    headers=(("X-Token", "t0ken"), ("accept", "text/html")), user_agent="mine/1", credentials=("me", "s:3crét")
)
_BASIC = b"Authorization: Basic bWU6czozY3LDqXQ="


async def fetched(fetcher: Fetcher, url: str, options: RequestOptions = _OWN) -> Fetched:
    result = await fetcher.fetch(FetchRequest(url=url, options=options))
    assert isinstance(result, Fetched), result
    return result


async def test_own_headers_take_the_place_of_ours(server: HostileServer, fetcher: Fetcher) -> None:
    """HT-01, HT-16."""
    await fetched(fetcher, server.url("/feed"))
    lines = server.heads[0].split(b"\r\n")
    assert lines[1:-2] == [
        b"Host: 127.0.0.1:%d" % server.port,
        b"User-Agent: mine/1",
        b"Accept-Encoding: gzip, br, zstd",
        b"X-Token: t0ken",
        b"accept: text/html",
        _BASIC,
    ]


async def test_the_user_agent_of_all_feeds_can_be_set(server: HostileServer) -> None:
    """HT-01: and one feed's own is used before it."""
    async with Fetcher(policy_for(server, agent="everybody/1"), now=lambda: NOW) as fetcher:
        await fetched(fetcher, server.url("/feed"), RequestOptions())
        await fetched(fetcher, server.url("/feed"))
    assert b"User-Agent: everybody/1\r\n" in server.heads[0]
    assert b"User-Agent: mine/1\r\n" in server.heads[1]


async def test_what_is_personal_stays_with_its_origin(server: HostileServer, fetcher: Fetcher) -> None:
    """SS-17, ST-21: a redirect to another host gets neither headers nor credentials; back home they are sent again."""
    home = server.url("/feed")
    away = server.url(redirect(302, home), host="127.0.0.2")
    await fetched(fetcher, server.url(redirect(302, away)))
    first, second, third = server.heads
    assert b"t0ken" in first
    assert _BASIC in first
    assert b"t0ken" not in second
    assert b"Authorization" not in second
    assert b"User-Agent: mine/1" in second
    assert b"t0ken" in third


async def test_the_url_of_a_feed_with_headers_of_its_own_is_not_replaced(
    server: HostileServer, fetcher: Fetcher
) -> None:
    """ST-21: the new one would have lost them."""
    moved = server.url(redirect(301, server.url("/feed")))
    assert (await fetched(fetcher, moved)).permanent_url is None
    assert (await fetched(fetcher, moved, RequestOptions(user_agent="mine/1"))).permanent_url is not None


@pytest.mark.parametrize("path", ["/status/500", "/reset", "/login", "/status/401"])
async def test_no_failure_repeats_a_secret(server: HostileServer, fetcher: Fetcher, path: str) -> None:
    """HT-16: nor does any representation of the request."""
    request = FetchRequest(url=server.url(path), options=_OWN)
    shown = f"{await fetcher.fetch(request)!r} {request!r} {_OWN!r}"
    assert not any(secret in shown for secret in ("t0ken", "3cr", "bWU6"))


async def test_an_answer_tells_the_address_of_who_was_asked_first(server: HostileServer, fetcher: Fetcher) -> None:
    """SC-27: on a new connection and on one kept open; whatever became of it."""
    for path in ("/feed", "/feed", redirect(302, server.url("/feed", host="127.0.0.2")), "/status/500"):
        assert (await fetcher.fetch(FetchRequest(url=server.url(path)))).address == "127.0.0.1"


async def test_many_large_bodies_come_through_a_few_at_a_time() -> None:
    """HX-11: memory is bounded by the few, and nobody waits for ever."""

    async def large(visit: Visit) -> None:
        """Two megabytes."""
        visit.answer(body=b"<rss>" + b"x" * 2_000_000)

    async with (
        serving(behaviours={"large": large}) as server,
        Fetcher(policy_for(server, timeout=timedelta(seconds=20)), now=lambda: NOW) as fetcher,
    ):
        request = FetchRequest(url=server.url("/large"))
        results = await asyncio.gather(*(fetcher.fetch(request) for _ in range(20)))
    assert [len(result.body) for result in results if isinstance(result, Fetched)] == [2_000_005] * 20
