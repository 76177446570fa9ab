"""HTTP whose bytes do not add up (HX-08…19, ST-35)."""

import pytest

from aggregator.fetch import Fetcher, FetchRequest
from tests.fetch.making import NOW, failed, fetched, policy_for
from tests.hostile_server import FEED, HostileServer

_COMPLAINTS = {
    "answer is not valid HTTP",
    "body in too many pieces",
    "connection closed before the end of the answer",
    "head of the answer is too large",
    "too many interim answers",
}


@pytest.mark.parametrize(
    "name", ["chunked", "until-close", "no-reason", "http10", "interim", "length-and-chunked", "length-twice"]
)
async def test_an_odd_but_whole_answer_is_read(server: HostileServer, fetcher: Fetcher, name: str) -> None:
    """HX-09, HX-16: of two framings the chunks count; equal lengths are one."""
    assert (await fetched(fetcher, server.url(f"/{name}"))).body == FEED


@pytest.mark.parametrize(
    "name",
    [
        "length-short",
        "chunked-cut",
        "chunked-nonsense",
        "lengths-differ",
        "icy",
        "garbage",
        "silent-close",
        "head-cut",
        "nul-header",
        "head-large",
        "endless-head",
        "interim-flood",
        "tiny-chunks",
    ],
)
async def test_a_peer_that_breaks_http_is_a_protocol_error(server: HostileServer, fetcher: Fetcher, name: str) -> None:
    """HX-08, HX-14, HX-15, HX-16, HX-17, ST-35, SS-18: soon, and in our words."""
    answer = await failed(fetcher, server.url(f"/{name}"))
    assert answer.kind == "protocol"
    assert answer.message in _COMPLAINTS


async def test_a_reset_is_a_failure_to_connect(server: HostileServer, fetcher: Fetcher) -> None:
    """HX-22."""
    assert (await failed(fetcher, server.url("/reset"))).kind in {"connect", "protocol"}


async def test_a_closed_port_is_a_failure_to_connect(server: HostileServer, unused_tcp_port: int) -> None:
    """HX-22."""
    ports = frozenset({("127.0.0.1", unused_tcp_port)})
    async with Fetcher(policy_for(server, configured_ports=ports), now=lambda: NOW) as fetcher:
        assert (await failed(fetcher, f"http://127.0.0.1:{unused_tcp_port}/")).kind == "connect"


async def test_a_length_beyond_the_limit_is_refused_unread(server: HostileServer, fetcher: Fetcher) -> None:
    """HX-12."""
    answer = await failed(fetcher, server.url("/length-huge"))
    assert (answer.kind, answer.message) == ("too-large", "body of 10000000000 bytes announced")


async def test_a_body_without_end_is_dropped_at_the_limit(server: HostileServer, fetcher: Fetcher) -> None:
    """HX-11, HX-19: its connection is closed, not drained, and not used again."""
    answer = await failed(fetcher, server.url("/endless-body"))
    assert (answer.kind, answer.status) == ("too-large", 200)
    await fetched(fetcher, server.url("/feed"))
    assert server.connections == 2


async def test_the_size_limit_is_exact(server: HostileServer) -> None:
    """HX-11."""
    async with Fetcher(policy_for(server, max_size=len(FEED)), now=lambda: NOW) as fetcher:
        await fetched(fetcher, server.url("/until-close"))
    async with Fetcher(policy_for(server, max_size=len(FEED) - 1), now=lambda: NOW) as fetcher:
        assert (await failed(fetcher, server.url("/until-close"))).kind == "too-large"


async def test_a_connection_is_used_again(server: HostileServer, fetcher: Fetcher) -> None:
    """HT-12: by the next feed of the host, and by a redirect to itself."""
    for path in ("/feed", "/status/404", "/redirect/301?/feed", "/gzip"):
        await fetcher.fetch(FetchRequest(url=server.url(path)))
    assert (server.connections, len(server.heads)) == (1, 5)


async def test_a_connection_that_was_closed_meanwhile_is_replaced(server: HostileServer, fetcher: Fetcher) -> None:
    """HT-12: a close that nobody announced costs no poll."""
    for _ in range(3):
        assert (await fetched(fetcher, server.url("/goodbye"))).body == FEED
    assert server.connections == 3


async def test_an_answer_that_nobody_asked_for_is_nobodys_answer(server: HostileServer, fetcher: Fetcher) -> None:
    """CR-16, HX-16."""
    for _ in range(3):
        assert (await fetched(fetcher, server.url("/stray"))).body == FEED
    assert server.connections == 3
