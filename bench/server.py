"""Serves generated feeds on loopback, each on an address of its own, with an ETag. ``python -m bench.server FEEDS``."""

import asyncio
import hashlib
import sys
from collections.abc import Iterable

from bench.corpus import documents


def addresses(feeds: int, port: int) -> list[str]:
    """Return the URL of each feed: 127.x.y.z, one host a feed."""
    return [f"http://127.{1 + n // 62500}.{n // 250 % 250}.{1 + n % 250}:{port}/feed/{n}" for n in range(feeds)]


def tagged(bodies: Iterable[bytes]) -> list[tuple[bytes, str]]:
    """Return each body with its ETag."""
    return [(body, f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"') for body in bodies]


class FeedServer(asyncio.Protocol):
    """Answers ``GET /feed/N`` from memory; keeps connections open."""

    def __init__(self, documents: list[tuple[bytes, str]], delay: float) -> None:
        self._documents = documents
        self._delay = delay  # seconds
        self._transport: asyncio.Transport | None = None
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole request head."""
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            answer = self._answer(head)
            if self._delay:
                asyncio.get_running_loop().call_later(self._delay, self._send, answer)
            else:
                self._send(answer)

    def _send(self, answer: bytes) -> None:
        assert self._transport is not None
        self._transport.write(answer)

    def _answer(self, head: bytes) -> bytes:
        number = int(head.split(b" ", 2)[1].rpartition(b"/")[2])
        body, tag = self._documents[number]
        if f"\r\nif-none-match: {tag}".encode() in head.lower():
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nContent-Length: 0\r\n\r\n".encode()
        return (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nETag: {tag}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body


async def main(feeds: int, round_: int = 0, delay_ms: int = 0) -> None:
    """Serve until the standard input closes; print the port first."""
    shared = tagged(documents(feeds, round_=round_))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: FeedServer(shared, delay_ms / 1000), "0.0.0.0", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
