"""websub.rocks, subscriber, groups 100 and 200: which hub is asked for what."""

from pathlib import Path

import pytest

from aggregator.websub.discovery import Named, offered
from aggregator.websub.links import links
from aggregator.websub.page import named_in_page
from tests.websub.hub import Hub
from tests.websub.making import a_world, feed_of, link

ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><id>urn:a</id>{}'
    "<entry><id>urn:1</id><title>Story</title></entry></feed>"
)
JSON = (
    '{{"version": "https://jsonfeed.org/version/1.1", "title": "A", {},'
    ' "items": [{{"id": "1", "content_text": "Story"}}]}}'
)


async def asked_for(folder: Path, hub: Hub, url: str) -> list[tuple[str, str]]:
    """Return (path, topic) of what is asked of the hub after one poll."""
    async with a_world(folder, hub, url) as world:
        await world.live()
    return [(path, form["hub.topic"]) for path, form in hub.asked]


@pytest.mark.parametrize("joined", [True, False])
async def test_100_a_hub_in_the_headers_is_found(tmp_path: Path, hub: Hub, joined: bool) -> None:
    """WS-01: in one Link header or in two."""
    stated = [f'<{hub.url("/hub")}>; rel="hub"', f"<{hub.url('/feed')}>; rel=self"]
    headers = [("Link", ", ".join(stated))] if joined else [("Link", each) for each in stated]
    url = hub.publish("/feed", feed_of(1), *headers)
    assert await asked_for(tmp_path, hub, url) == [("/hub", url)]


def test_101_a_hub_in_a_page_is_found() -> None:
    """WS-01: relative addresses, and several relations at once."""
    page = b'<html><head><link REL="self" href="/page"><link rel="preconnect HUB" href="https://hub.example/"></head>'
    assert named_in_page(page, "https://x.example/") == Named(
        hubs=["https://hub.example/"], topic="https://x.example/page"
    )
    assert named_in_page(b"\0<link rel=hub href='javascript:x'><link>", "https://x.example/") == Named(hubs=[])


async def test_102_a_hub_in_atom_is_found(tmp_path: Path, hub: Hub) -> None:
    """WS-01."""
    named = f'<link rel="hub" href="/hub"/><link rel="self" href="{hub.url("/feed")}"/>'
    url = hub.publish("/feed", ATOM.format(named))
    assert await asked_for(tmp_path, hub, url) == [("/hub", url)]


async def test_103_a_hub_in_rss_is_found(tmp_path: Path, hub: Hub) -> None:
    """WS-01."""
    url = hub.url("/feed")
    hub.publish("/feed", feed_of(1, links=link("hub", hub.url("/hub")) + link("self", url)))
    assert await asked_for(tmp_path, hub, url) == [("/hub", url)]


async def test_a_hub_in_a_json_feed_is_found(tmp_path: Path, hub: Hub) -> None:
    """WS-01: and hubs of other kinds are none."""
    named = '"feed_url": "/feed", "hubs": [{"type": "rssCloud", "url": "/no"}, {"type": "WebSub", "url": "/hub"}, 1]'
    url = hub.publish("/feed", JSON.format(named))
    assert await asked_for(tmp_path, hub, url) == [("/hub", url)]


async def test_104_headers_come_before_the_document(tmp_path: Path, hub: Hub) -> None:
    """WS-01, WS-02."""
    header = f'<{hub.url("/hub")}>; rel="hub", <{hub.url("/mine")}>; rel="self"'
    document = feed_of(1, links=link("hub", hub.url("/other")) + link("self", hub.url("/yours")))
    url = hub.publish("/feed", document, ("Link", header))
    assert await asked_for(tmp_path, hub, url) == [("/hub", hub.url("/mine"))]


async def test_200_what_the_feed_calls_itself_is_subscribed_to(tmp_path: Path, hub: Hub) -> None:
    """WS-03."""
    document = feed_of(1, links=link("hub", hub.url("/hub")) + link("self", hub.url("/feed?page=1")))
    url = hub.publish("/feed", document)
    assert await asked_for(tmp_path, hub, url) == [("/hub", hub.url("/feed?page=1"))]


@pytest.mark.parametrize("status", [302, 301])
@pytest.mark.parametrize("says_self", [True, False])
async def test_201_202_discovery_goes_on_where_the_topic_redirects_to(
    tmp_path: Path, hub: Hub, status: int, says_self: bool
) -> None:
    """WS-04: without a rel=self the topic is where the document was."""
    there = hub.url("/there")
    hub.publish("/there", feed_of(1, links=link("hub", hub.url("/hub")) + (link("self", there) if says_self else "")))
    url = hub.redirect("/feed", status, there)
    assert await asked_for(tmp_path, hub, url) == [("/hub", there)]


@pytest.mark.parametrize("status", [307, 308])
async def test_203_204_a_hub_that_moved_is_asked_where_it_is(tmp_path: Path, hub: Hub, status: int) -> None:
    """WS-05, WS-06."""
    hub.redirect("/hub", status, hub.url("/hub2"))
    url = hub.publish("/feed", feed_of(1, links=link("hub", hub.url("/hub"))))
    assert await asked_for(tmp_path, hub, url) == [("/hub", url), ("/hub2", url)]
    assert hub.asked[0][1] == hub.asked[1][1]


async def test_a_hub_is_no_way_into_a_private_network(tmp_path: Path, hub: Hub) -> None:
    """WS-22."""
    url = hub.publish("/feed", feed_of(1, links=link("hub", hub.url("/hub"))))
    async with a_world(tmp_path, hub, url, opened=False) as world:
        await world.live()
        (waiting,) = world.subscriptions
    assert hub.asked == []
    assert "address guard" in (waiting.reason or "")


def test_a_hub_that_can_keep_a_secret_is_preferred() -> None:
    """WS-07."""
    document = Named(hubs=["http://a.example/", "https://b.example/"])
    assert offered("", document, "https://x.example/").hub == "https://b.example/"  # type: ignore[union-attr]
    assert offered("", Named(topic="https://x.example/"), "https://x.example/") is None
    assert offered("", Named(hubs=["https://b.example/" + "x" * 3000]), "https://x.example/") is None


def test_link_headers_are_read_as_they_are_written() -> None:
    """RFC 8288: quotes hold commas, of two relations the first counts, an anchor speaks of something else."""
    header = (
        '<https://a.example/?a=1,2>; title="a, b; rel=x"; rel="hub other"; rel=self, </b>;REL=self ,'
        ' <https://c.example/>; rel=hub; anchor="/x", <javascript:alert(1)>; rel=hub, nonsense, <https://d.example/>'
    )
    assert list(links(header, "https://x.example/feed")) == [
        ("https://a.example/?a=1,2", frozenset({"hub", "other"})),
        ("https://x.example/b", frozenset({"self"})),
        ("https://d.example/", frozenset()),
    ]


def test_a_hostile_link_header_takes_no_time() -> None:
    assert list(links("<" + "; a" * 100_000, "https://x.example/")) == []
    assert list(links("<x>" + ' ; a="' * 100_000, "https://x.example/")) != []
    assert list(links("<" * 1_000_000, "https://x.example/")) == []
