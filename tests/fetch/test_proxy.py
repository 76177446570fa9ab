"""Asking through a proxy that the operator named (HT-17)."""

import ssl

import pytest

from aggregator.fetch import Fetcher, FetchRequest
from aggregator.fetch.guard import Guard
from aggregator.fetch.transport import GuardedTransport
from aggregator.model import FailureKind, Fetched, FetchResult, RequestOptions
from tests.fetch.making import NOW, policy_for
from tests.fetch.proxy import ProxyServer, proxying
from tests.hostile_server import FEED, HostileServer, redirect, serving
from tests.hostile_server.server import CERTIFICATE


def through(proxy: ProxyServer) -> RequestOptions:
    return RequestOptions(proxy=f"http://me:s3cret@127.0.0.1:{proxy.port}")


async def ask(server: HostileServer, proxy: ProxyServer, *urls: str) -> list[FetchResult]:
    """Ask through the proxy, with a guard that lets nothing private through."""
    names = {("feeds.example", server.port), ("localhost", server.port), ("127.1", server.port)}
    guard = Guard(opened=(), ports=names)
    transport = GuardedTransport(guard, tls=ssl.create_default_context(cafile=CERTIFICATE))
    async with Fetcher(policy_for(server), now=lambda: NOW, transport=transport) as fetcher:
        return [await fetcher.fetch(FetchRequest(url=url, options=through(proxy))) for url in urls]


async def test_a_proxy_is_given_the_whole_url_and_looks_the_name_up() -> None:
    """HT-06, HT-17: the path byte for byte; what authorises us there is for the proxy alone."""
    async with serving() as server, proxying(server.port) as proxy:
        (result,) = await ask(server, proxy, server.url("/headers?X=a|b%7E", host="feeds.example"))
        assert isinstance(result, Fetched)
        assert (result.body, result.address) == (FEED, None)
        head = proxy.heads[0]
        assert head.startswith(f"GET http://feeds.example:{server.port}/headers?X=a|b%7E HTTP/1.1\r\n".encode())
        assert b"Proxy-Authorization: Basic bWU6czNjcmV0\r\n" in head


async def test_tls_goes_through_a_tunnel_and_is_verified() -> None:
    """ST-29, HT-17: by the name of the host, not of the proxy; the proxy sees the name and nothing else."""
    async with serving(tls=True) as server, proxying(server.port) as proxy:
        good, bad = await ask_tls(server, proxy)
        assert isinstance(good, Fetched)
        assert getattr(bad, "kind", None) == "tls"
        assert proxy.heads[0].startswith(f"CONNECT localhost:{server.port} HTTP/1.1\r\n".encode())
        assert all(b"/feed" not in head for head in proxy.heads)
        assert b"Proxy-Authorization" not in b"".join(server.heads)


async def ask_tls(server: HostileServer, proxy: ProxyServer) -> list[FetchResult]:
    """Ask for a host that the certificate names, which happens to be this one, and for one that it does not."""
    policy = policy_for(server)
    guard = Guard(opened=policy.allow_networks, ports={*policy.configured_ports, ("feeds.example", server.port)})
    transport = GuardedTransport(guard, tls=ssl.create_default_context(cafile=CERTIFICATE))
    async with Fetcher(policy, now=lambda: NOW, transport=transport) as fetcher:
        urls = (server.url("/feed", host="localhost"), server.url("/feed", host="feeds.example"))
        return [await fetcher.fetch(FetchRequest(url=url, options=through(proxy))) for url in urls]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::1]", "localhost", "a.localhost"])
async def test_what_names_this_machine_is_not_asked_of_a_proxy(host: str) -> None:
    """SS-01, SS-02, HT-17: nor is a port that nobody configured, nor a private address in a redirect (SS-11)."""
    async with serving() as server, proxying(server.port) as proxy:
        there = f"http://{host}:{server.port}/feed"
        results = await ask(
            server, proxy, there, "http://feeds.example:22/", server.url(redirect(302, there), host="feeds.example")
        )
        assert [getattr(result, "kind", None) for result in results] == ["blocked"] * 3
        assert len(proxy.heads) == 1


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent", "protocol"),
        (b"SSH-2.0-s3cret\r\n", "protocol"),
    ],
)
async def test_a_proxy_that_will_not_is_a_failure_with_a_kind(refusal: bytes, kind: FailureKind) -> None:
    """HX-22, HT-16: its words and our password are repeated nowhere."""
    async with serving(tls=True) as server, proxying(server.port, refusal=refusal) as proxy:
        (result,) = await ask(server, proxy, server.url("/feed", host="feeds.example"))
    assert getattr(result, "kind", None) == kind
    assert "s3cret" not in repr(result)


async def test_a_proxy_that_is_not_there_is_a_failure_to_connect(server: HostileServer) -> None:
    """HX-18, HX-22."""
    gone = ProxyServer(0, b"")
    gone.port = 1
    (result,) = await ask(server, gone, server.url("/feed", host="feeds.example"))
    assert getattr(result, "kind", None) == "connect"
