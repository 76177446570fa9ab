"""TLS: verified always, with one context for all (ST-29)."""

import asyncio
import ssl
from datetime import timedelta

import pytest

from aggregator.fetch import Fetcher
from aggregator.fetch.guard import Guard
from aggregator.fetch.transport import GuardedTransport
from tests.fetch.making import LOOPBACK, NOW, failed, fetched, policy_for
from tests.hostile_server import FEED, HostileServer, redirect, serving
from tests.hostile_server.server import CERTIFICATE


def _trusting(*servers: HostileServer, **changes: object) -> Fetcher:
    """A fetcher that trusts the server's own certificate."""
    policy = policy_for(servers[0], **changes)
    hosts = ("127.0.0.1", "127.0.0.2", "localhost")
    guard = Guard(opened=(LOOPBACK,), ports={(host, server.port) for host in hosts for server in servers})
    context = ssl.create_default_context(cafile=CERTIFICATE)
    return Fetcher(policy, now=lambda: NOW, transport=GuardedTransport(guard, tls=context))


async def test_a_trusted_certificate_is_accepted() -> None:
    """By name and by address; the connection is kept."""
    async with serving(tls=True) as server, _trusting(server) as fetcher:
        for host in ("localhost", "127.0.0.1", "127.0.0.1"):
            assert (await fetched(fetcher, server.url("/feed", host=host))).body == FEED
        assert server.connections == 2


async def test_a_self_signed_certificate_is_refused() -> None:
    """ST-29."""
    async with serving(tls=True) as server, Fetcher(policy_for(server), now=lambda: NOW) as fetcher:
        answer = await failed(fetcher, server.url("/feed"))
    assert (answer.kind, answer.status) == ("tls", None)
    assert "certificate not trusted" in answer.message


async def test_a_certificate_for_another_host_is_refused() -> None:
    """ST-29."""
    async with serving(tls=True) as server, _trusting(server) as fetcher:
        answer = await failed(fetcher, server.url("/feed", host="127.0.0.2"))
    assert answer.kind == "tls"


async def test_an_answer_in_plain_text_is_a_tls_failure() -> None:
    """HX-22."""

    def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as plain:
        server = HostileServer({}, "https")
        server.port = plain.sockets[0].getsockname()[1]
        async with Fetcher(policy_for(server), now=lambda: NOW) as fetcher:
            assert (await failed(fetcher, server.url("/feed"))).kind == "tls"


async def test_from_https_to_http_goes_no_credential_and_nothing_is_adopted(server: HostileServer) -> None:
    """ST-20."""
    async with serving(tls=True) as safe, _trusting(safe, server) as fetcher:
        path = redirect(301, server.url("/feed"))
        assert (await fetched(fetcher, safe.url(path))).permanent_url is None
        await fetched(fetcher, safe.url(path).replace("//", "//user:secret@", 1))
        assert b"Authorization: " in safe.heads[-1]
        assert b"Authorization" not in b"".join(server.heads)


async def test_from_https_to_http_may_be_forbidden(server: HostileServer) -> None:
    """ST-20."""
    async with serving(tls=True) as safe, _trusting(safe, server, allow_downgrade=False) as fetcher:
        assert (await failed(fetcher, safe.url(redirect(302, server.url("/feed"))))).kind == "redirect"


async def test_from_http_to_https_may_be_adopted(server: HostileServer) -> None:
    """ST-13."""
    async with serving(tls=True) as safe, _trusting(server, safe) as fetcher:
        result = await fetched(fetcher, server.url(redirect(301, safe.url("/feed"))))
        assert result.permanent_url == safe.url("/feed")


@pytest.mark.parametrize(
    ("name", "kind"), [("length-short", "protocol"), ("silent-close", "protocol"), ("drip-body", "timeout")]
)
async def test_misbehaviour_has_the_same_kinds_under_tls(name: str, kind: str) -> None:
    """HX-22."""
    async with serving(tls=True) as server, _trusting(server, timeout=timedelta(seconds=0.5)) as fetcher:
        assert (await failed(fetcher, server.url(f"/{name}"))).kind == kind
