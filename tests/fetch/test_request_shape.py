"""What a request looks like on the wire (section D)."""

import pytest

from aggregator.fetch import Fetcher, FetchPolicy, FetchRequest
from aggregator.fetch.decoding import ACCEPT_ENCODING
from aggregator.fetch.target import shown, target
from tests.fetch.making import NOW, fetched, policy_for
from tests.hostile_server import HostileServer


async def test_a_request_is_these_headers_and_no_others(server: HostileServer, fetcher: Fetcher) -> None:
    """HT-01, HT-02, HT-03, HT-05, HT-07, HT-08, HT-10, HT-11: a GET with HTTP/1.1, in our own name."""
    await fetched(fetcher, server.url("/feed"))
    assert server.heads == [
        b"GET /feed HTTP/1.1\r\n"
        b"Host: 127.0.0.1:%d\r\n"
        % server.port
        + b"User-Agent: aggregator/1.2.3 (+https://example.org/contact)\r\n"
        + b"Accept: application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
        + b"application/xml;q=0.9, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1\r\n"
        + b"Accept-Encoding: gzip, br, zstd\r\n\r\n"
    ]


def test_a_user_agent_without_contact_claims_none() -> None:
    """HT-01."""
    assert FetchPolicy(version="1.2.3").user_agent == "aggregator/1.2.3"


def test_a_contact_cannot_break_out_of_its_header() -> None:
    """HT-01."""
    assert FetchPolicy(version="1", contact="a\r\nX: y\u00e9").user_agent == "aggregator/1 (+aX: y)"


@pytest.mark.parametrize(
    "path",
    ["/echo/%7Efoo", "/echo/~foo", "/echo/%e4", "/echo/a|b", "/echo/a%2Fb", "/echo/./x/../y", "//echo", "/echo?"],
)
async def test_the_path_reaches_the_wire_as_it_was_configured(
    server: HostileServer, fetcher: Fetcher, path: str
) -> None:
    """HT-06: byte for byte, nothing added and nothing made prettier."""
    await fetcher.fetch(FetchRequest(url=server.url(path)))
    assert server.heads[0].startswith(f"GET {path} HTTP/1.1\r\n".encode())


@pytest.mark.parametrize(
    ("path", "asked"),
    [("/a b", "/a%20b"), ("/caf\u00e9", "/caf%C3%A9"), ("?a=\n", "/?a=%0A"), ("", "/"), ("/feed#part?x", "/feed")],
)
def test_what_http_cannot_carry_is_escaped(path: str, asked: str) -> None:
    """HT-18: and the fragment stays at home."""
    assert target(f"http://example.org{path}").path == asked


def test_a_url_beyond_measure_is_refused() -> None:
    """ST-17."""
    with pytest.raises(ValueError, match="too long"):
        target("http://example.org/" + "b" * 9000)


def test_a_url_is_shown_without_credentials() -> None:
    """HT-16: whether it can be read or not."""
    assert shown("http://user:secret@example.org:80/a#b") == "http://example.org/a"
    assert shown("http://user:secret@a..b/") == "http://a..b/"


async def test_no_cookie_is_returned(server: HostileServer, fetcher: Fetcher) -> None:
    """HT-04, HT-05: not on the next request, not after a redirect; nor is it said where we come from."""
    await fetched(fetcher, server.url("/cookie"))
    await fetched(fetcher, server.url("/cookie"))
    await fetched(fetcher, server.url("/cookie-redirect"))
    assert len(server.heads) == 4
    assert b"cookie:" not in b"".join(server.heads).lower()
    assert b"referer" not in b"".join(server.heads).lower()


async def test_the_environment_is_not_asked(server: HostileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """HT-17, SS-14: a proxy would connect in our place, past the guard."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")
    async with Fetcher(policy_for(server), now=lambda: NOW) as fetcher:
        await fetched(fetcher, server.url("/feed"))


def test_only_what_is_bounded_is_offered() -> None:
    """HT-08."""
    assert set(ACCEPT_ENCODING.split(", ")) == {"gzip", "br", "zstd"}
