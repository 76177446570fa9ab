"""Redirects are followed by hand (ST-09…21, SS-11, SS-12)."""

from datetime import timedelta

import pytest

from aggregator.fetch import Fetcher
from aggregator.fetch.target import redirected, target
from tests.fetch.making import NOW, failed, fetched, policy_for
from tests.hostile_server import HostileServer, redirect


@pytest.mark.parametrize("status", [301, 308])
async def test_a_permanent_redirect_is_followed_and_reported(
    server: HostileServer, fetcher: Fetcher, status: int
) -> None:
    """ST-09."""
    result = await fetched(fetcher, server.url(redirect(status, "/feed")))
    assert result.url == result.permanent_url == server.url("/feed")


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_temporary_redirect_is_followed_and_not_reported(
    server: HostileServer, fetcher: Fetcher, status: int
) -> None:
    """ST-14."""
    result = await fetched(fetcher, server.url(redirect(status, "/feed")))
    assert (result.url, result.permanent_url) == (server.url("/feed"), None)


async def test_the_permanent_url_is_the_last_of_the_permanent_prefix(server: HostileServer, fetcher: Fetcher) -> None:
    """ST-11: 301, 302, 301."""
    third = redirect(301, "/feed")
    second = redirect(302, third)
    result = await fetched(fetcher, server.url(redirect(301, second)))
    assert result.url == server.url("/feed")
    assert result.permanent_url == server.url(second)


@pytest.mark.parametrize("status", [300, 304, 305, 306, 399])
async def test_another_3xx_is_an_error(server: HostileServer, fetcher: Fetcher, status: int) -> None:
    """ST-15."""
    assert (await failed(fetcher, server.url(f"/status/{status}"))).status == status


@pytest.mark.parametrize("path", ["/status/301", "/redirect/302?"])
async def test_a_redirect_to_nowhere_is_an_error(server: HostileServer, fetcher: Fetcher, path: str) -> None:
    """ST-15."""
    answer = await failed(fetcher, server.url(path))
    assert (answer.kind, answer.message[:9]) == ("redirect", "HTTP 30" + path[-1].replace("?", "2") + " ")


@pytest.mark.parametrize(
    ("location", "asked"),
    [
        (b"feed", "/redirect/feed"),
        (b"../feed?a=1", "/feed?a=1"),
        (b"?page=2", "/redirect/302?page=2"),
        (b"/a b/c", "/a%20b/c"),
        ("/caf\xe9".encode(), "/caf%C3%A9"),
        (b"/caf\xe9", "/caf%E9"),
        (b"/feed#part", "/feed"),
        (b"/%7Efoo|bar%e4", "/%7Efoo|bar%e4"),
    ],
)
def test_a_location_is_resolved_against_the_url_that_gave_it(location: bytes, asked: str) -> None:
    """ST-16, HT-18: and asked for as it was written."""
    current = target("http://example.org/redirect/302?x")
    assert redirected(current, location.decode("latin-1")).path == asked


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("//Other.Example/x", "http://other.example/x"),
        ("https://example.org:443/x?", "https://example.org/x?"),
        ("HTTP://user:secret@other.example", "http://other.example/"),
        ("http://b\xc3\xbccher.example/", "http://xn--bcher-kva.example/"),
    ],
)
def test_a_location_may_lead_to_another_host(location: str, url: str) -> None:
    """ST-16."""
    assert redirected(target("http://example.org/feed"), location).url == url


@pytest.mark.parametrize(
    "location",
    [
        "http://[::1",
        "http://",
        "http:///x",
        "http://a..b/",
        "http://\xff\xfe/",
        "http://h:99999/",
        "http://inner.example%2F%23.site.example/",
        "http://" + "a" * 300 + "/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_x",
        "ftp://example.org/",
        "unix:/run/docker.sock",
        "data:text/xml,<rss/>",
        "javascript:alert(1)",
    ],
)
async def test_a_location_that_cannot_be_asked_is_an_error(
    server: HostileServer, fetcher: Fetcher, location: str
) -> None:
    """ST-17, SS-12."""
    answer = await failed(fetcher, server.url(redirect(302, location.encode("latin-1"))))
    assert (answer.kind, answer.status) == ("redirect", 302)


async def test_a_host_that_is_punycode_by_name_only_is_an_error(server: HostileServer, fetcher: Fetcher) -> None:
    """ST-17."""
    assert (await failed(fetcher, server.url(redirect(302, "http://xn--/")))).kind == "dns"


async def test_a_loop_is_left_at_once(server: HostileServer, fetcher: Fetcher) -> None:
    """ST-18."""
    answer = await failed(fetcher, server.url("/loop/a"))
    assert (answer.kind, answer.message) == ("redirect", "redirect loop")
    assert len(server.heads) == 2


async def test_five_redirects_are_followed_and_no_sixth(server: HostileServer, fetcher: Fetcher) -> None:
    """ST-18."""
    await fetched(fetcher, server.url("/hops/5"))
    assert (await failed(fetcher, server.url("/hops/6"))).kind == "redirect"


async def test_credentials_stay_with_their_origin(server: HostileServer, fetcher: Fetcher) -> None:
    """ST-21, HT-16."""
    home = server.url("").replace("//", "//us%65r:s%40cret@")
    away = server.url("/echo", host="127.0.0.2")
    await fetched(fetcher, home + redirect(302, "/echo"))
    await fetched(fetcher, home + redirect(302, away))
    sent = [b"Authorization: Basic dXNlcjpzQGNyZXQ=\r\n" in head for head in server.heads]
    assert sent == [True, True, True, False]


async def test_credentials_of_a_location_are_not_used(server: HostileServer, fetcher: Fetcher) -> None:
    """ST-21: whoever redirects does not say as whom we ask."""
    await fetched(fetcher, server.url(redirect(302, server.url("/echo").replace("//", "//root:toor@"))))
    assert b"Authorization" not in b"".join(server.heads)


@pytest.mark.parametrize("path", ["/status/403", "/redirect/302?file:///", "/length-short", "/silent-close"])
async def test_credentials_are_in_no_message(server: HostileServer, fetcher: Fetcher, path: str) -> None:
    """ST-21, HT-16."""
    answer = await failed(fetcher, server.url(path).replace("//", "//user:secret@", 1))
    assert "secret" not in repr(answer)


async def test_a_feed_with_credentials_reports_no_new_url(server: HostileServer, fetcher: Fetcher) -> None:
    """ST-20, ST-21: adopted without them it would be refused."""
    home = server.url("").replace("//", "//user:secret@")
    result = await fetched(fetcher, home + redirect(301, "/feed"))
    assert (result.permanent_url, result.url) == (None, server.url("/feed"))


async def test_the_target_of_a_redirect_is_guarded(server: HostileServer, fetcher: Fetcher) -> None:
    """SS-11, SS-19."""
    for location in ("http://10.0.0.1/", "http://169.254.169.254/latest/", "http://0x0a.1/"):
        answer = await failed(fetcher, server.url(redirect(301, location)))
        assert (answer.kind, answer.url) == ("blocked", location)


async def test_all_hops_share_one_deadline(server: HostileServer) -> None:
    """HX-13: a redirect does not start the clock anew."""
    start = server.url(redirect(302, "/slow-redirect?" + "/slow-redirect?/slow-redirect?/feed"))
    async with Fetcher(policy_for(server, timeout=timedelta(seconds=0.5)), now=lambda: NOW) as fetcher:
        assert (await failed(fetcher, start)).kind == "timeout"
    assert len(server.heads) == 3
