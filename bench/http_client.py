"""304 polls per second by HTTP client, over loopback without TLS: the figures of ADR 0003.

python bench/http_client.py
"""

import asyncio
import importlib
import importlib.util
import multiprocessing
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_network

import aiohttp
import httpx

from aggregator.fetch import Fetcher, FetchPolicy, FetchRequest, configured_ports
from aggregator.model import NotModified, Validators

_ANSWER = (
    b"HTTP/1.1 304 Not Modified\r\nDate: Sun, 18 Oct 2026 10:00:00 GMT\r\nServer: bench\r\n"
    b'ETag: "abc-123"\r\nCache-Control: max-age=300\r\n\r\n'
)
_HEADERS = {
    "User-Agent": "aggregator/bench",
    "Accept": "application/atom+xml, application/rss+xml, */*;q=0.1",
    "Accept-Encoding": "gzip, br, zstd",
    "If-None-Match": '"abc-123"',
}
_LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How the server is polled."""

    name: str
    polls: int
    connections: int
    hosts: int
    latency: float  # seconds before each answer


LOADS = (
    Load(name="32 at a time, a new connection each", polls=2000, connections=32, hosts=2000, latency=0),
    Load(name="32 at a time, connections kept", polls=4000, connections=32, hosts=16, latency=0),
    Load(name="300 at a time, 100 ms latency", polls=3000, connections=300, hosts=3000, latency=0.1),
)

Poll = Callable[[str], Awaitable[None]]
Client = Callable[[Sequence[str], int], AbstractAsyncContextManager[Poll]]


class Server(asyncio.Protocol):
    """Answers every request with the same 304."""

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            self._received = self._received.partition(b"\r\n\r\n")[2]
            asyncio.get_running_loop().call_later(self._latency, self._transport.write, _ANSWER)


async def serve(listener: socket.socket, latency: float) -> None:
    """Serve for ever."""
    server = await asyncio.get_running_loop().create_server(partial(Server, latency), sock=listener)
    await server.serve_forever()


def serve_process(listener: socket.socket, latency: float) -> None:
    """Run the server; the target of a process."""
    asyncio.run(serve(listener, latency))


@asynccontextmanager
async def fetcher(urls: Sequence[str], _connections: int) -> AsyncIterator[Poll]:
    """The whole of aggregator.fetch: guard, route, validators, value."""
    policy = FetchPolicy(version="bench", allow_networks=_LOOPBACK, configured_ports=configured_ports(urls))
    async with Fetcher(policy, now=lambda: datetime.now(UTC)) as client:

        async def poll(url: str) -> None:
            known = Validators(etag=b'"abc-123"', url=url)
            assert isinstance(await client.fetch(FetchRequest(url=url, validators=known)), NotModified)

        yield poll


@asynccontextmanager
async def plain_httpx(_urls: Sequence[str], connections: int, *, on_aiohttp: bool = False) -> AsyncIterator[Poll]:
    """httpx as it comes, or on the transport of httpx-aiohttp; redirects, cookies and guard left to others."""
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=64)
    transport = importlib.import_module("httpx_aiohttp").AiohttpTransport(limits=limits) if on_aiohttp else None
    async with httpx.AsyncClient(limits=limits, transport=transport, trust_env=False, headers=_HEADERS) as client:

        async def poll(url: str) -> None:
            assert (await client.get(url)).status_code == 304

        yield poll


@asynccontextmanager
async def bare_aiohttp(_urls: Sequence[str], connections: int) -> AsyncIterator[Poll]:
    """aiohttp without httpx: a bound, not an option that keeps every case."""
    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as client:

        async def poll(url: str) -> None:
            async with client.get(url, headers=_HEADERS, allow_redirects=False) as response:
                assert response.status == 304

        yield poll


def clients() -> Iterator[tuple[str, Client]]:
    """Yield what is installed."""
    yield "aggregator.fetch", fetcher
    yield "httpx", plain_httpx
    if importlib.util.find_spec("httpx_aiohttp"):
        yield "httpx-aiohttp", partial(plain_httpx, on_aiohttp=True)
    yield "aiohttp", bare_aiohttp


async def measure(client: Client, load: Load, port: int) -> str:
    """Poll once through and return the figures."""
    hosts = [f"127.{1 + n // 65000}.{n // 250 % 250}.{n % 250 + 1}" for n in range(load.hosts)]
    urls = [f"http://{hosts[n % load.hosts]}:{port}/feed.xml" for n in range(load.polls)]
    remaining = iter(urls)

    async def work(poll: Poll) -> None:
        for url in remaining:
            await poll(url)

    async with client(urls, load.connections) as poll:
        wall, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(work(poll) for _ in range(load.connections)))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return f"{load.polls / wall:7.0f} polls/s  {cpu / load.polls * 1000:5.2f} ms CPU each"


def main() -> None:
    """Print every load by every client."""
    for load in LOADS:
        print(load.name)
        with socket.create_server(("0.0.0.0", 0), backlog=4096) as listener:
            server = multiprocessing.Process(target=serve_process, args=(listener, load.latency), daemon=True)
            server.start()
            for name, client in clients():
                print(f"  {name:18}{asyncio.run(measure(client, load, listener.getsockname()[1]))}", flush=True)
            server.terminate()
            server.join()


if __name__ == "__main__":
    main()
