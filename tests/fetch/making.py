"""Policies and requests for tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network

from aggregator.fetch import Fetcher, FetchPolicy, FetchRequest
from aggregator.model import Failed, Fetched, NotModified, Validators
from tests.hostile_server import HostileServer

NOW = datetime(2026, 10, 18, 12, 0, tzinfo=UTC)
LOOPBACK = IPv4Network("127.0.0.0/8")


def policy_for(server: HostileServer, **changes: object) -> FetchPolicy:
    """A policy that opens loopback, and the server's port on every host it has."""
    hosts = ("127.0.0.1", "127.0.0.2", "localhost")
    policy = FetchPolicy(
        version="1.2.3",
        contact="https://example.org/contact",
        timeout=timedelta(seconds=5),
        allow_networks=(LOOPBACK,),
        configured_ports=frozenset((host, server.port) for host in hosts),
    )
    return replace(policy, **changes)  # type: ignore[arg-type]  # field names are the caller's business


async def fetched(fetcher: Fetcher, url: str, validators: Validators | None = None) -> Fetched:
    """Fetch what must succeed."""
    result = await fetcher.fetch(FetchRequest(url=url, validators=validators))
    assert isinstance(result, Fetched), result
    return result


async def not_modified(fetcher: Fetcher, url: str, validators: Validators | None) -> NotModified:
    """Fetch what must be unchanged."""
    result = await fetcher.fetch(FetchRequest(url=url, validators=validators))
    assert isinstance(result, NotModified), result
    return result


async def failed(fetcher: Fetcher, url: str, validators: Validators | None = None) -> Failed:
    """Fetch what must fail."""
    result = await fetcher.fetch(FetchRequest(url=url, validators=validators))
    assert isinstance(result, Failed), result
    return result
