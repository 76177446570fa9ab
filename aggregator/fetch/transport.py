"""The project's HTTP transport, on httpx's seam: guarded, exact on the wire, and without a memory."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

import h11
import httpx

from aggregator.fetch.exchange import Exchange
from aggregator.fetch.guard import AddrInfo, Guard
from aggregator.fetch.idle import IdleConnections, Peer
from aggregator.fetch.proxy import Proxy, read_proxy, tunnel
from aggregator.fetch.stream import connect
from aggregator.fetch.trouble import TlsError

_CONNECT_TIMEOUT = 10.0  # seconds for name, TCP and TLS together (HX-18)


class GuardedTransport(httpx.AsyncBaseTransport):
    """Carries requests that may be repeated. Sends the headers it is given and no others, and ``extensions["target"]``
    byte for byte.

    Knows no cookie, netrc file or environment variable (HT-04, HT-17), and no proxy but ``extensions["proxy"]``. Every
    connection passes the guard. Answers tell in ``extensions["address"]`` what the host is known by. Raises exceptions
    of httpx only.
    """

    def __init__(self, guard: Guard, *, tls: ssl.SSLContext | None = None) -> None:
        self._guard = guard
        self._tls = tls or httpx.create_ssl_context(trust_env=False)
        self._idle = IdleConnections()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer's head, with a stream of the body as transferred. Raises ``httpx.TransportError``."""
        url = request.url
        proxy = read_proxy(request.extensions["proxy"]) if request.extensions.get("proxy") else None
        peer = (url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme], proxy)
        target = request.extensions.get("target", url.raw_path)
        headers = request.headers.raw
        if proxy and url.scheme == "http":
            target = b"http://" + url.netloc + target
            headers = [*headers, *proxy.authorization]
        try:
            exchange, head = await self._ask(peer, _Message(request.method.encode(), target, headers, request.content))
        except OSError as error:
            raise _translated(error) from error
        body = _Body(exchange, peer, self._idle)
        return httpx.Response(
            head.status_code,
            headers=head.headers.raw_items(),
            stream=body,
            request=request,
            extensions={"address": exchange.address},
        )

    async def aclose(self) -> None:
        """Drop every connection."""
        self._idle.close()
        self._guard.close()
        await asyncio.sleep(0)  # the loop calls the closed connections back

    async def _ask(self, peer: Peer, message: "_Message") -> tuple[Exchange, h11.Response]:
        if exchange := self._idle.take(peer):
            try:
                return exchange, await _head(exchange, message)
            except (OSError, httpx.RemoteProtocolError):
                # It may have been closed under us: a GET is asked again on a new one (RFC 9112 section 9.3.1), and so
                # is a POST, whose receiver knows it by its webhook-id.
                pass
        exchange = await self._connect(peer)
        return exchange, await _head(exchange, message)

    async def _connect(self, peer: Peer) -> Exchange:
        scheme, host, port, proxy = peer
        tls = self._tls if scheme == "https" else None
        try:
            async with asyncio.timeout(_CONNECT_TIMEOUT):
                if proxy:
                    return await self._connect_through(proxy, host, port, tls)
                addresses = await self._guard.addresses(host, port)
                return Exchange(await connect(addresses, tls, host), _known_by(addresses))
        except TimeoutError as error:
            raise httpx.ConnectTimeout("no connection in time") from error
        except ssl.SSLError:
            raise
        except OSError as error:
            raise httpx.ConnectError(error.strerror or "no connection") from error

    async def _connect_through(self, proxy: Proxy, host: str, port: int, tls: ssl.SSLContext | None) -> Exchange:
        self._guard.judge_name(host, port)
        stream = await connect(await self._guard.proxy_addresses(proxy.host, proxy.port), None, proxy.host)
        if tls:
            try:
                await tunnel(stream, proxy, host, port, tls)
            except BaseException:
                stream.close()
                raise
        return Exchange(stream)


class _Body(httpx.AsyncByteStream):
    def __init__(self, exchange: Exchange, peer: Peer, idle: IdleConnections) -> None:
        self._exchange = exchange
        self._peer = peer
        self._idle = idle

    # An iterator and no generator: dropped half way, it leaves nothing for the event loop to finalise.
    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            piece = await self._exchange.piece()
        except OSError as error:
            raise _translated(error) from error
        if not piece:
            raise StopAsyncIteration
        return piece

    async def aclose(self) -> None:
        if self._exchange.finish():
            self._idle.put(self._peer, self._exchange)
        else:
            self._exchange.close()


class _Message(NamedTuple):
    method: bytes
    target: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes


async def _head(exchange: Exchange, message: _Message) -> h11.Response:
    try:
        return await exchange.ask(message.target, message.headers, method=message.method, body=message.body)
    except BaseException:
        exchange.close()
        raise


def _translated(error: OSError) -> httpx.TransportError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return TlsError(f"certificate not trusted: {error.verify_message}")
    if isinstance(error, ssl.SSLError):
        return TlsError("TLS failed")
    return httpx.ReadError(error.strerror or "connection lost")


def _known_by(addresses: Sequence[AddrInfo]) -> str:
    """Return one address of a host: the same one whichever of several a connection took."""
    found = [info[4][0] for info in addresses if info[0] is socket.AF_INET] or [info[4][0] for info in addresses]
    return min(found)


_PORTS = {"http": 80, "https": 443}
