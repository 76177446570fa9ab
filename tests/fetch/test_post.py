"""Messages out."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.fetch import FetchPolicy, Poster
from aggregator.model import Failed
from tests.fetch.making import LOOPBACK, NOW
from tests.receiver import Receiver, receiving

SOON = timedelta(seconds=10)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Offer a receiver."""
    with receiving() as running:
        yield running


def a_policy(receiver: Receiver) -> FetchPolicy:
    """Return one that opens the receiver's address and port."""
    return FetchPolicy(
        version="1", allow_networks=(LOOPBACK,), configured_ports=frozenset({("127.0.0.1", receiver.port)})
    )


async def posted(policy: FetchPolicy, url: str, body: bytes = b"{}", deadline: timedelta = SOON) -> Failed | None:
    """Send one message."""
    async with Poster(policy, now=lambda: NOW) as poster:
        return await poster.post(url, {"Content-Type": "application/json"}, body, deadline=deadline)


async def test_a_message_arrives_whole_and_2xx_is_a_yes(receiver: Receiver) -> None:
    body = b"x" * 3_000_000
    assert await posted(a_policy(receiver), receiver.url("/a?b=%2F"), body) is None
    (message,) = receiver.got
    assert (message.path, message.body) == ("/a?b=%2F", body)
    assert message.headers["user-agent"] == "aggregator/1"
    assert message.headers["content-type"] == "application/json"


async def test_credentials_of_the_url_are_sent_and_not_shown(receiver: Receiver) -> None:
    """HT-16."""
    receiver.answer = lambda _: (403, {})
    refused = await posted(a_policy(receiver), receiver.url().replace("//", "//me:pass@"))
    assert receiver.got[0].headers["authorization"] == "Basic bWU6cGFzcw=="
    assert refused is not None
    assert "pass" not in f"{refused}"


@pytest.mark.parametrize("status", [301, 302, 307, 400, 410, 429, 500, 503])
async def test_everything_else_is_a_no_and_redirects_lead_nowhere(receiver: Receiver, status: int) -> None:
    """SS-11, SS-15: a message is for the address that was configured."""
    receiver.answer = lambda _: (status, {"Location": receiver.url("/other"), "Retry-After": "7"})
    refused = await posted(a_policy(receiver), receiver.url())
    assert refused is not None
    assert (refused.kind, refused.status, refused.retry_after) == ("status", status, timedelta(seconds=7))
    assert [message.path for message in receiver.got] == ["/hook"]


async def test_the_address_guard_holds_for_messages_too(receiver: Receiver) -> None:
    """SS-01, SS-13: neither private addresses nor ports that nobody configured."""
    policy = a_policy(receiver)
    for closed in (replace(policy, allow_networks=()), replace(policy, configured_ports=frozenset())):
        refused = await posted(closed, receiver.url())
        assert refused is not None
        assert refused.kind == "blocked"
    assert receiver.got == []


async def test_messages_share_a_connection_and_survive_its_end(receiver: Receiver) -> None:
    """One that the receiver closed meanwhile is no failure."""
    closing = {"Connection": "close"}
    async with Poster(a_policy(receiver), now=lambda: NOW) as poster:
        for _ in range(3):
            assert await poster.post(receiver.url(), {}, b"1", deadline=SOON) is None
        assert receiver.connections == 1
        receiver.answer = lambda _: (204, closing)
        for _ in range(2):
            assert await poster.post(receiver.url(), {}, b"1", deadline=SOON) is None
    assert len(receiver.got) == 5


async def test_a_receiver_that_says_nothing_is_waited_for_so_long(receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        policy = replace(a_policy(receiver), configured_ports=frozenset({("127.0.0.1", port)}))
        refused = await posted(policy, f"http://127.0.0.1:{port}/", deadline=timedelta(milliseconds=200))
    assert refused is not None
    assert (refused.kind, refused.message) == ("timeout", "not done within 0.2 s")
    refused = await posted(policy, f"http://127.0.0.1:{port}/")
    assert refused is not None
    assert refused.kind == "connect"
