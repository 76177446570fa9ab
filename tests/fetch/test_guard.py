"""The address guard, on the address actually connected to (section L)."""

import socket
from collections.abc import Callable, Sequence

import pytest

from aggregator.fetch import Fetcher, configured_ports
from aggregator.fetch.guard import AddrInfo, Guard
from aggregator.fetch.transport import GuardedTransport
from tests.fetch.making import LOOPBACK, NOW, failed, fetched, policy_for
from tests.hostile_server import HostileServer

_BLOCKED = "the address guard refused this host or port (`aggregator probe` says why)"


def _resolver(*turns: tuple[str, ...]) -> Callable[[str, int], Sequence[AddrInfo]]:
    """A resolver that gives the next turn's addresses each time it is asked."""
    remaining = iter(turns)

    def lookup(host: str, port: int) -> Sequence[AddrInfo]:
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                socket.IPPROTO_TCP,
                "",
                (address, port),
            )
            for address in next(remaining)
        ]

    return lookup


def _resolving(server: HostileServer, host: str, *turns: tuple[str, ...]) -> Fetcher:
    guard = Guard(opened=(LOOPBACK,), ports={(host, server.port)}, lookup=_resolver(*turns))
    return Fetcher(policy_for(server), now=lambda: NOW, transport=GuardedTransport(guard))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "[::1]",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "0",
        "\uff11\uff12\uff17.0.0.1",
        "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
        "127\u30020\u30020\u30021",
        "0.0.0.0",
        "[::]",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "100.100.100.200",
        "10.0.0.1",
        "192.168.1.1",
        "[fe80::1%25lo]",
        "[fec0::1]",
        "[::ffff:127.0.0.1]",
        "[::7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
async def test_no_spelling_of_an_inner_address_is_asked(server: HostileServer, host: str) -> None:
    """SS-01, SS-02, SS-03, SS-04, SS-05, SS-06, SS-07, SS-08, SS-18: all with the same message."""
    ports = configured_ports([f"http://{host}:{server.port}/"])
    async with Fetcher(policy_for(server, allow_networks=(), configured_ports=ports), now=lambda: NOW) as fetcher:
        answer = await failed(fetcher, f"http://{host}:{server.port}/feed")
    assert (answer.kind, answer.message, answer.status) == ("blocked", _BLOCKED, None)
    assert server.connections == 0


@pytest.mark.parametrize(
    ("turn", "advice"),
    [
        (
            ("10.1.2.3", "93.184.215.14", "fd00::1"),
            "inner.example leads to 10.1.2.3, fd00::1: no address of the public Internet; in [fetch], allow_networks",
        ),
        (("::ffff:10.0.0.1",), "inner.example leads to ::ffff:"),
    ],
)
async def test_the_operator_is_told_which_address_and_what_would_permit_it(
    server: HostileServer, turn: tuple[str, ...], advice: str
) -> None:
    """And nobody else: the message stays the same (SS-18)."""
    async with _resolving(server, "inner.example", turn) as fetcher:
        refused = await failed(fetcher, server.url("/feed", host="inner.example"))
    assert refused.message == _BLOCKED
    assert refused.advice.startswith(advice)
    assert "/32" in refused.advice or "/128" in refused.advice


async def test_the_operator_is_told_of_a_port_and_of_an_address_that_stands_in_the_url(fetcher: Fetcher) -> None:
    literal = await failed(fetcher, "http://10.0.0.1/feed")
    assert literal.advice.startswith("10.0.0.1 is no address of the public Internet; in [fetch], allow_networks = [")
    odd = await failed(fetcher, "http://x.example:25/")
    assert odd.advice == "port 25 of x.example is asked only where a configured URL names it"


async def test_a_network_that_the_operator_opened_is_asked(server: HostileServer, fetcher: Fetcher) -> None:
    """SS-16: and no other."""
    await fetched(fetcher, server.url("/feed"))
    assert (await failed(fetcher, "http://10.0.0.1/feed")).kind == "blocked"


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
async def test_a_port_that_nobody_configured_is_not_asked(server: HostileServer, fetcher: Fetcher, port: int) -> None:
    """SS-13, SS-18."""
    assert (await failed(fetcher, f"http://127.0.0.1:{port}/")).message == _BLOCKED


def test_a_configured_url_opens_its_port_on_its_host() -> None:
    """SS-13."""
    urls = ["http://a.example:8080/x", "https://b.example/", "nonsense", "http://[2001:DB8::1]:81/"]
    assert configured_ports(urls) == {("a.example", 8080), ("b.example", 443), ("2001:db8::1", 81)}


async def test_a_name_that_turns_inward_is_refused(server: HostileServer) -> None:
    """SS-09: rebinding. One lookup a connection, and what was looked up is what is connected to."""
    url = server.url("/until-close", host="turns.example")
    async with _resolving(server, "turns.example", ("127.0.0.1",), ("10.0.0.1",)) as fetcher:
        await fetched(fetcher, url)
        assert (await failed(fetcher, url)).kind == "blocked"
    assert server.connections == 1


async def test_a_kept_connection_is_not_looked_up_again(server: HostileServer) -> None:
    """SS-20: it leads where it was checked to lead."""
    url = server.url("/feed", host="turns.example")
    async with _resolving(server, "turns.example", ("127.0.0.1",)) as fetcher:
        await fetched(fetcher, url)
        await fetched(fetcher, url)
    assert server.connections == 1


@pytest.mark.parametrize("answers", [("127.0.0.1", "10.0.0.1"), ("fc00::1", "127.0.0.1"), ("127.0.0.1", "::1")])
async def test_one_inner_address_condemns_the_name(server: HostileServer, answers: tuple[str, ...]) -> None:
    """SS-10: whatever its place among allowed ones."""
    async with _resolving(server, "both.example", answers) as fetcher:
        assert (await failed(fetcher, server.url("/feed", host="both.example"))).kind == "blocked"
    assert server.connections == 0


async def test_an_address_that_does_not_answer_is_passed_over(server: HostileServer) -> None:
    """HT-13: nothing listens on the first one."""
    async with _resolving(server, "two.example", ("127.0.0.99", "127.0.0.1")) as fetcher:
        await fetched(fetcher, server.url("/feed", host="two.example"))


async def test_a_name_without_an_address_is_a_dns_failure(server: HostileServer) -> None:
    """ST-28, HX-22."""
    async with _resolving(server, "none.example", ()) as fetcher:
        assert (await failed(fetcher, server.url("/feed", host="none.example"))).kind == "dns"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "host name not found"),
        (socket.gaierror(socket.EAI_AGAIN, "try again"), "name lookup failed for now"),
        (UnicodeError("label too long"), "host name cannot be looked up"),
    ],
)
async def test_lookup_failures_are_told_apart(server: HostileServer, error: Exception, message: str) -> None:
    """ST-28, HX-22."""

    def lookup(host: str, port: int) -> Sequence[AddrInfo]:
        raise error

    transport = GuardedTransport(Guard(opened=(), ports=(), lookup=lookup))
    async with Fetcher(policy_for(server), now=lambda: NOW, transport=transport) as fetcher:
        answer = await failed(fetcher, "http://lost.example/")
    assert (answer.kind, answer.message) == ("dns", message)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://127.0.0.1/", "feed.xml", "http://", "http://a..b/", ""]
)
async def test_a_url_that_is_not_http_is_not_asked(fetcher: Fetcher, url: str) -> None:
    """SS-12, ST-17, HT-19: other spellings of http are for whoever adds the feed to read."""
    assert (await failed(fetcher, url)).kind == "blocked"
