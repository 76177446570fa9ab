"""Content-Encoding over a real connection (HX-01…10)."""

import resource

import pytest

from aggregator.fetch import Fetcher
from tests.fetch.making import NOW, failed, fetched, policy_for
from tests.hostile_server import FEED, HostileServer
from tests.hostile_server.behaviours.codings import LONG_FEED


@pytest.mark.parametrize("name", ["gzip", "x-gzip", "br", "zstd", "identity", "gzip-members", "gzip-padded"])
async def test_a_good_coding_is_undone(server: HostileServer, fetcher: Fetcher, name: str) -> None:
    """HX-05, HX-10."""
    result = await fetched(fetcher, server.url(f"/{name}"))
    assert result.body == LONG_FEED
    assert result.wire_bytes == int(result.headers["content-length"])


async def test_plain_text_that_says_gzip_is_forgiven(server: HostileServer, fetcher: Fetcher) -> None:
    """HX-06."""
    assert (await fetched(fetcher, server.url("/gzip-plain"))).body == FEED


@pytest.mark.parametrize("name", ["gzip-cut", "br-cut", "zstd-cut"])
async def test_a_compressed_body_that_is_cut_short_is_a_failure(
    server: HostileServer, fetcher: Fetcher, name: str
) -> None:
    """HX-07: also where Content-Length agrees."""
    answer = await failed(fetcher, server.url(f"/{name}"))
    assert (answer.kind, answer.message) == ("decode", "compressed body is cut short")


@pytest.mark.parametrize(
    "name", ["gzip-thrice", "deflate", "rot13", "gzip-broken", "zstd-window", "gzip-many", "zstd-many"]
)
async def test_a_coding_that_cannot_be_trusted_is_a_failure(server: HostileServer, fetcher: Fetcher, name: str) -> None:
    """HX-03, HX-04, HX-05: never handed on as it came."""
    answer = await failed(fetcher, server.url(f"/{name}"))
    assert (answer.kind, answer.status) == ("decode", 200)


@pytest.mark.parametrize("name", ["gzip-bomb", "br-bomb", "zstd-bomb"])
async def test_a_bomb_does_not_go_off(server: HostileServer, fetcher: Fetcher, name: str) -> None:
    """HX-01, HX-02, HX-03: 300 MB stay packed; memory grows by tens of megabytes at most."""
    await fetched(fetcher, server.url("/gzip"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert (await failed(fetcher, server.url(f"/{name}"))).kind == "too-large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # KB; the server's own copy included


async def test_the_decoded_size_has_a_limit_of_its_own(server: HostileServer) -> None:
    """HX-11."""
    async with Fetcher(policy_for(server, max_decoded=len(LONG_FEED)), now=lambda: NOW) as fetcher:
        await fetched(fetcher, server.url("/gzip"))
    async with Fetcher(policy_for(server, max_decoded=len(LONG_FEED) - 1), now=lambda: NOW) as fetcher:
        assert (await failed(fetcher, server.url("/gzip"))).kind == "too-large"
