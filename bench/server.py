"""Serves generated feeds on loopback, each on an address of its own. ``python -m bench.server FEEDS [DELAY_MS]``.

A line on its input says which documents are served from then on, and whether with an ETag: ``ROUND 1`` or ``ROUND 0``.
"""

import asyncio
import hashlib
import sys
from collections.abc import Iterable, Iterator

from bench.corpus import documents


def addresses(feeds: int, port: int) -> list[str]:
    """Return the URL of each feed: 127.x.y.z, one host a feed."""
    return [f"http://127.{1 + n // 62500}.{n // 250 % 250}.{1 + n % 250}:{port}/feed/{n}" for n in range(feeds)]


def answers(bodies: Iterable[bytes], *, tagged: bool) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield for each body its ETag in lower case, the answer to those who have it, and the one to all others."""
    for body in bodies:
        tag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"' if tagged else ""
        head = f"ETag: {tag}\r\n" if tag else ""
        yield (
            tag.encode(),
            f"HTTP/1.1 304 Not Modified\r\n{head}Content-Length: 0\r\n\r\n".encode(),
            f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode()
            + body,
        )


class FeedServer(asyncio.Protocol):
    """Answers ``GET /feed/N`` from memory; keeps connections open."""

    def __init__(self, served: list[tuple[bytes, bytes, bytes]], delay: float) -> None:
        self._served = served
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
        tag, unchanged, whole = self._served[number]
        return unchanged if tag and b"\r\nif-none-match: " + tag in head.lower() else whole


async def main(feeds: int, delay_ms: int = 0) -> None:
    """Serve until the standard input closes; print the port first, and a line for each line read."""
    served = list(answers(documents(feeds), tagged=True))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: FeedServer(served, delay_ms / 1000), "0.0.0.0", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        round_, tagged = map(int, line.split())
        served[:] = answers(documents(feeds, round_=round_), tagged=bool(tagged))
        print("serving", flush=True)


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
