"""Every wait ends (HX-13, HX-18, HX-21)."""

import asyncio
import socket
import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest

from aggregator.fetch import Fetcher, FetchRequest
from aggregator.fetch.guard import AddrInfo, Guard
from aggregator.fetch.transport import GuardedTransport
from tests.fetch.making import LOOPBACK, NOW, failed, fetched, policy_for
from tests.hostile_server import HostileServer

_SOON = timedelta(seconds=0.3)


@pytest.mark.parametrize("name", ["silence", "drip-head", "drip-body", "endless-interim"])
async def test_a_slow_peer_meets_the_deadline(server: HostileServer, name: str) -> None:
    """HX-13, HX-15, ST-35: of the whole exchange, however busy it looks."""
    async with Fetcher(policy_for(server, timeout=_SOON), now=lambda: NOW) as fetcher:
        answer = await failed(fetcher, server.url(f"/{name}"))
    assert (answer.kind, answer.message) == ("timeout", "not done within 0.3 s")


async def test_a_handshake_that_hangs_meets_the_deadline(server: HostileServer) -> None:
    """HX-18."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    policy = policy_for(server, timeout=_SOON, configured_ports=frozenset({("127.0.0.1", port)}))
    async with Fetcher(policy, now=lambda: NOW) as fetcher:
        assert (await failed(fetcher, f"https://127.0.0.1:{port}/")).kind == "timeout"
    listener.close()


async def test_a_lookup_that_hangs_meets_the_deadline_and_delays_no_other(server: HostileServer) -> None:
    """HX-18: it runs in a pool of its own."""
    release = threading.Event()

    def lookup(host: str, port: int) -> Sequence[AddrInfo]:
        if host == "hangs.example":
            release.wait()
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))]

    ports = {(host, server.port) for host in ("hangs.example", "works.example")}
    guard = Guard(opened=(LOOPBACK,), ports=ports, lookup=lookup)
    policy = policy_for(server, timeout=_SOON)
    async with Fetcher(policy, now=lambda: NOW, transport=GuardedTransport(guard)) as fetcher:
        hanging = asyncio.create_task(failed(fetcher, server.url("/feed", host="hangs.example")))
        await fetched(fetcher, server.url("/feed", host="works.example"))
        assert not hanging.done()
        assert (await hanging).kind == "timeout"
        release.set()


async def test_a_cancelled_fetch_is_cancelled(server: HostileServer, fetcher: Fetcher) -> None:
    """HX-22: what we do ourselves is no failure of the feed."""
    fetching = asyncio.create_task(fetcher.fetch(FetchRequest(url=server.url("/silence"))))
    await server.asked.wait()
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching


async def test_many_slow_peers_are_waited_for_together(server: HostileServer, fetcher: Fetcher) -> None:
    """HX-21: three hundred at 100 ms each are done in far less than their sum of 30 s."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(*(fetched(fetcher, server.url("/slow")) for _ in range(300)))
    assert loop.time() - began < 4
