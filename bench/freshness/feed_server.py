"""Serves histories as feeds, as they are at a simulated time."""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import format_datetime

from bench.freshness.trace import Trace


@asynccontextmanager
async def serving(traces: Sequence[Trace], clock: Callable[[], datetime]) -> AsyncIterator[int]:
    """Serve ``/feed/N`` on every address of loopback; offer the port. The number of entries is the ETag."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode().lower():
                number = int(head.split(" ", 2)[1].rpartition("/")[2])
                writer.write(_answer(number, traces[number], head, clock().timestamp()))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "0.0.0.0", 0)  # every address of 127/8 is a host
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def _answer(number: int, trace: Trace, head: str, now: float) -> bytes:
    published = bisect_right(trace.times, now)
    tag = f'"{published}"'
    if f"if-none-match: {tag}" in head:
        return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\nContent-Length: 0\r\n\r\n".encode()
    places = range(published - 1, max(-1, published - 1 - trace.window), -1)
    items = "".join(_item(number, place, trace.times[place]) for place in places)
    body = f'<rss version="2.0"><channel><title>Feed {number}</title>{items}</channel></rss>'.encode()
    kind = f"HTTP/1.1 200 OK\r\nETag: {tag}\r\nContent-Type: application/rss+xml\r\nContent-Length: {len(body)}\r\n\r\n"
    return kind.encode() + body


def _item(number: int, place: int, time: float) -> str:
    date = format_datetime(datetime.fromtimestamp(time, UTC))
    link = f"http://site{number}.example/{place}"
    return f"<item><title>Entry {place} of {number}</title><link>{link}</link><pubDate>{date}</pubDate></item>"
