"""One request at the server, and what an answer is made of."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote

FEED = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>A feed</title><link>https://example.org/</link>
<item><guid>1</guid><title>One</title><link>https://example.org/1</link></item>
</channel></rss>
"""

Header = tuple[str, str | bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request as it came, and the way to answer it."""

    head: bytes  # request line and headers, raw
    argument: str  # of /NAME/ARGUMENT
    query: str
    writer: asyncio.StreamWriter

    def header(self, name: str) -> bytes | None:
        """Return the value of a request header, byte for byte."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.lower().encode():
                return value.strip()
        return None

    def send(self, data: bytes) -> None:
        """Write raw bytes."""
        self.writer.write(data)

    async def flush(self) -> None:
        """Wait until the peer takes more; raises ``OSError`` when it is gone."""
        await self.writer.drain()

    def answer(self, status: int = 200, *, headers: Iterable[Header] = (), body: bytes = b"") -> None:
        """Write a whole, correct answer."""
        self.send(answer(status, headers=headers, body=body))

    def hang_up(self) -> None:
        """Close the connection once everything is written."""
        self.writer.close()


Behaviour = Callable[[Visit], Awaitable[None]]


def head(status: int, headers: Iterable[Header] = ()) -> bytes:
    """Return the bytes of a head, empty line included."""
    lines = [f"HTTP/1.1 {status} Whatever".encode()]
    lines += [name.encode() + b": " + (value.encode() if isinstance(value, str) else value) for name, value in headers]
    return b"\r\n".join([*lines, b"", b""])


def answer(status: int = 200, *, headers: Iterable[Header] = (), body: bytes = b"") -> bytes:
    """Return the bytes of a whole answer, with its Content-Length."""
    length = [] if status in {204, 304} else [("Content-Length", str(len(body)))]
    return head(status, [*headers, *length]) + body


def redirect(status: int, location: str | bytes) -> str:
    """Return the path that answers with a redirect to ``location``; nests."""
    return f"/redirect/{status}?{quote(location, safe='/:?=&')}"
