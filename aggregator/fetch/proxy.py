"""Asking through an HTTP proxy that the operator named: absolute URLs for http, a tunnel for https."""

import base64
import ssl
from dataclasses import dataclass, field

import httpx

from aggregator.fetch.exchange import Exchange
from aggregator.fetch.stream import Stream
from aggregator.url.origin import authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """Where the proxy is, and what it wants to be shown."""

    host: str
    port: int
    authorization: tuple[tuple[bytes, bytes], ...] = field(default=(), repr=False)


def read_proxy(url: str) -> Proxy:
    """Read ``http://[user:password@]host[:port]``. Raises ``ValueError``."""
    named = authority(url)
    if named.scheme != "http":
        raise ValueError("not an http URL")
    shown = (b"Proxy-Authorization", b"Basic " + base64.b64encode(named.credentials or b""))
    return Proxy(host=named.host, port=named.port, authorization=(shown,) if named.credentials else ())


async def tunnel(stream: Stream, proxy: Proxy, host: str, port: int, tls: ssl.SSLContext) -> None:
    """Make ``stream``, connected to ``proxy``, an encrypted connection to ``host``.

    Raises ``OSError`` and exceptions of httpx; the proxy's own words are not repeated.
    """
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    head = await Exchange(stream).ask(
        place.encode("ascii"), [(b"Host", place.encode("ascii")), *proxy.authorization], method=b"CONNECT"
    )
    if not 200 <= head.status_code < 300:
        raise httpx.ProxyError(f"the proxy answered {head.status_code}")
    await stream.secure(tls, host)
