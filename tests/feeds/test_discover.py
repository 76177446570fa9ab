"""Finding the feeds of a site, over a real fetcher on loopback."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from ipaddress import IPv4Network

import pytest

from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.feeds.discover import Ask, Discovery, discover
from aggregator.fetch import Fetcher, FetchPolicy, FetchRequest, configured_ports
from aggregator.model import Digest, Fetched, FetchResult, Unreadable
from tests.e2e.site import Answer, Site, item, rss, serving

NOW = datetime(2026, 7, 1, tzinfo=UTC)
FEED = Answer.feed(rss(item("https://x.example/1"), title="The feed"))


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


@pytest.fixture
async def ask(site: Site) -> AsyncIterator[Ask]:
    policy = FetchPolicy(
        version="1.2.3",
        allow_networks=(IPv4Network("127.0.0.1/32"),),
        configured_ports=configured_ports([site.url("/", f"127.0.0.{last}") for last in (1, 2)]),
    )
    async with Fetcher(policy, now=lambda: NOW) as fetcher:

        async def fetch(url: str) -> FetchResult:
            return await fetcher.fetch(FetchRequest(url=url))

        yield fetch


async def read(document: Fetched) -> Digest | Unreadable:
    """Digest here and now."""
    return digest(
        DigestJob(
            feed_url=document.url,
            url=document.url,
            body=document.body,
            content_type=document.headers.get("content-type"),
            now=NOW,
            known={},
            link_identity=False,
            enabled=frozenset(),
        )
    )


def html(body: str) -> Answer:
    """Return a page."""
    return Answer(body=f"<!doctype html><html>{body}</html>".encode(), headers={"Content-Type": "text/html"})


def link(path: str) -> str:
    """Return a declaration."""
    return f'<link rel="alternate" type="application/rss+xml" href="{path}">'


async def found(site: Site, ask: Ask, path: str = "/") -> Discovery:
    """Discover at a path of the site."""
    return await discover(site.url(path), ask, read)


def paths(discovery: Discovery, site: Site) -> list[str]:
    """Return the paths found."""
    return [each.url.removeprefix(site.url("")) for each in discovery.candidates]


async def test_a_feed_is_its_own_answer(site: Site, ask: Ask) -> None:
    site.answers["/"] = FEED
    discovery = await found(site, ask)
    assert paths(discovery, site) == ["/"]
    assert discovery.candidates[0].title == "The feed"
    assert len(site.seen) == 1


async def test_the_only_declared_feed_is_checked(site: Site, ask: Ask) -> None:
    site.answers |= {"/": html(link("/f") + '<a href="/other.rss">RSS</a>'), "/f": FEED, "/other.rss": FEED}
    discovery = await found(site, ask)
    assert (paths(discovery, site), discovery.read, len(site.seen)) == (["/f"], True, 2)


async def test_several_declared_feeds_are_for_a_choice(site: Site, ask: Ask) -> None:
    site.answers["/"] = html(link("/comments/feed") + link("/a") + link("/b"))
    discovery = await found(site, ask)
    assert (paths(discovery, site), discovery.read) == (["/a", "/b", "/comments/feed"], False)
    assert len(site.seen) == 1


async def test_hints_are_followed_where_nothing_is_declared(site: Site, ask: Ask) -> None:
    """A declaration that leads nowhere counts as none."""
    site.answers |= {"/": html(link("/gone") + '<a href="/x.rss">x</a><a href="/y.rss">y</a>'), "/y.rss": FEED}
    discovery = await found(site, ask)
    assert (paths(discovery, site), discovery.read) == (["/y.rss"], True)
    assert [path for path, _ in site.seen] == ["/", "/gone", "/x.rss", "/y.rss"]


async def test_well_known_addresses_are_the_last_resort(site: Site, ask: Ask) -> None:
    site.answers |= {"/blog/": html("<p>Hello</p>"), "/atom.xml": FEED, "/feed.xml": FEED}
    discovery = await found(site, ask, "/blog/")
    assert paths(discovery, site) == ["/atom.xml"]
    assert [path for path, _ in site.seen] == ["/blog/", "/feed", "/rss.xml", "/atom.xml"]


async def test_six_requests_are_the_most(site: Site, ask: Ask) -> None:
    site.answers["/"] = html("".join(f'<a href="/{number}.rss">RSS</a>' for number in range(50)))
    discovery = await found(site, ask)
    assert discovery.candidates == ()
    assert "no feed found: the document is an HTML page" in discovery.trouble
    assert len(site.seen) == 6


async def test_a_server_that_asks_for_patience_is_left_alone(site: Site, ask: Ask) -> None:
    """ST-01, ST-07."""
    site.answers |= {"/": html("x"), "/feed": Answer(body=b"", status=429), "/rss.xml": FEED}
    assert (await found(site, ask)).candidates == ()
    assert len(site.seen) == 2


async def test_what_is_no_page_is_not_guessed_at(site: Site, ask: Ask) -> None:
    site.answers["/"] = Answer(body=b"%PDF-1.7", headers={"Content-Type": "application/pdf"})
    discovery = await found(site, ask)
    assert (discovery.trouble, len(site.seen)) == (
        "no feed found: the document is a PDF file, not a feed; 0 other addresses were tried",
        1,
    )


async def test_trouble_is_told(site: Site, ask: Ask) -> None:
    """A server that says no is one thing, a network that says nothing another."""
    assert "404" in (await found(site, ask, "/nothing")).trouble
    assert not (await found(site, ask, "/nothing")).unasked
    silent = await discover("http://127.0.0.1:9/", ask, read)
    assert (silent.candidates, silent.unasked) == ((), False)  # a port that nobody configured is refused


async def test_the_address_guard_holds_for_what_a_page_names(site: Site, ask: Ask) -> None:
    """SS-15: a page in reach names one that is not."""
    inside = site.url("/secret", "127.0.0.2")
    site.answers |= {"/": html(link(inside) + f'<a href="{inside}.rss">RSS</a>'), "/secret": FEED, "/secret.rss": FEED}
    assert (await found(site, ask)).candidates == ()
    assert not [path for path, _ in site.seen if path.startswith("/secret")]


async def test_a_page_is_where_its_redirects_end(site: Site, ask: Ask) -> None:
    site.answers |= {
        "/": Answer(body=b"", status=302, headers={"Location": "/en/"}),
        "/en/": html(link("feed.xml")),
        "/en/feed.xml": FEED,
    }
    assert paths(await found(site, ask), site) == ["/en/feed.xml"]
