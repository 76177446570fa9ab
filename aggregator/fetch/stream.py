"""One TCP or TLS connection as a pull of bytes."""

import asyncio
import ssl
from collections.abc import Sequence

import aiohappyeyeballs

from aggregator.fetch.guard import AddrInfo

_BUFFERED = 64 * 1024  # bytes held before the peer is made to wait
_EYEBALLS_DELAY = 0.25  # seconds; RFC 8305 section 5 (HT-13)


class Stream(asyncio.Protocol):
    """Bytes as they come. It notices what arrives while nobody reads, so that no stray byte is taken for an answer."""

    def __init__(self) -> None:
        self._received = bytearray()
        self._ended = False
        self._error: Exception | None = None
        self._wake: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether the connection is open and nothing waits to be read."""
        return not self._ended and not self._received

    def write(self, data: bytes) -> None:
        """Send ``data``; a peer that is gone shows at the next read."""
        if self._transport is not None:
            self._transport.write(data)

    async def read(self) -> bytes:
        """Return what has arrived, waiting for at least one byte; b"" at the end. Raises ``OSError``."""
        if not self._received and not self._ended:
            self._wake = asyncio.get_running_loop().create_future()
            try:
                await self._wake
            finally:
                self._wake = None
        if self._error is not None and not self._received:
            raise self._error
        data = bytes(self._received)
        self._received.clear()
        if self._transport is not None and not self._ended:
            self._transport.resume_reading()
        return data

    def close(self) -> None:
        """Drop the connection at once: what the peer still sends is not taken (HX-19)."""
        if self._transport is not None:
            self._transport.abort()

    async def secure(self, tls: ssl.SSLContext, host: str) -> None:
        """Go on encrypted, with ``host`` at the other end. Raises ``OSError``."""
        if self._transport is None or not self.is_quiet:
            raise ConnectionError("connection lost")
        loop = asyncio.get_running_loop()
        self._transport = await loop.start_tls(self._transport, self, tls, server_hostname=host)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        if len(self._received) >= _BUFFERED and self._transport is not None:
            self._transport.pause_reading()
        self._notify()

    def eof_received(self) -> bool:
        self._ended = True
        self._notify()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._error = exc
        self._notify()

    def _notify(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)


async def connect(addresses: Sequence[AddrInfo], tls: ssl.SSLContext | None, host: str) -> Stream:
    """Connect to the first of ``addresses`` that answers, as ``host`` where it is TLS. Raises ``OSError``."""
    loop = asyncio.get_running_loop()
    sock = await aiohappyeyeballs.start_connection(addresses, happy_eyeballs_delay=_EYEBALLS_DELAY)
    _, stream = await loop.create_connection(Stream, sock=sock, ssl=tls, server_hostname=host if tls else None)
    return stream
