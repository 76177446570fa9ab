"""websub.rocks, subscriber, group 300: what is delivered, and what becomes of it."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from aggregator.websub.signature import is_signed
from tests.store.factory import NOW, claim
from tests.websub.hub import Hub
from tests.websub.making import HOUR, a_world, feed_of, link

ONE = {"Story number 1"}
BOTH = {"Story number 1", "Story number 2"}


async def test_300_what_is_delivered_is_published_at_once(tmp_path: Path, hub: Hub) -> None:
    """WS-13: answered before it is read; the feed is not asked, and what is delivered again is no news."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        for _ in range(2):
            answer = await hub.deliver(world.site, form, feed_of(2).encode())
            assert (answer.status_code, answer.text) == (202, "")
        assert world.titles == ONE
        await world.live()
        await world.live()
        assert world.titles == BOTH
        assert hub.got == ["/feed"]
        with world.store.read() as work:
            assert [change.kind for change in work.log.after(0, limit=9)] == ["new", "new"]  # type: ignore[arg-type]


async def test_301_what_is_signed_wrongly_is_dropped(tmp_path: Path, hub: Hub) -> None:
    """WS-14: and whoever tries is not told."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        answer = await hub.deliver(world.site, form | {"hub.secret": "guessed"}, feed_of(2).encode())
        assert answer.status_code == 202
        await world.live()
        assert (world.titles, hub.got) == (ONE, ["/feed"])


@pytest.mark.parametrize("signature", [None, "", "sha256=", "md5=5d41402abc4b2a76b9719d911017c592", "sha256", "é=é"])
async def test_302_what_is_not_signed_is_dropped(tmp_path: Path, hub: Hub, signature: str | None) -> None:
    """WS-15, WS-16: neither is a method that nobody agreed on a signature."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        headers = {} if signature is None else {"x_hub_signature": signature}
        request = {name: value.encode() for name, value in headers.items()}
        answer = await hub.deliver(world.site, form, feed_of(2).encode(), method="", **request)  # type: ignore[arg-type]
        assert answer.status_code == 202
        await world.live()
        assert world.titles == ONE


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_every_method_of_the_specification_is_understood(tmp_path: Path, hub: Hub, method: str) -> None:
    """WS-16."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        await hub.deliver(world.site, form, feed_of(2).encode(), method=method)
        await world.live()
        assert world.titles == BOTH


def test_a_signature_is_of_these_bytes_and_this_secret() -> None:
    """WS-16: the vector of RFC 4231, section 4.3."""
    body, secret = b"what do ya want for nothing?", "Jefe"
    right = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert is_signed(body, right, secret)
    assert is_signed(body, right.upper(), secret)
    assert not is_signed(body + b" ", right, secret)
    assert not is_signed(body, right, secret + " ")
    assert not is_signed(body, right[:-1], secret)


async def test_whose_news_it_is_the_callback_says(tmp_path: Path, hub: Hub) -> None:
    """WS-17: whatever a header or the document calls itself."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        document = feed_of(2, links=link("self", "https://victim.example/feed") + link("hub", "https://evil.example/"))
        named = '<https://victim.example/feed>; rel="self", <https://evil.example/>; rel="hub"'
        await hub.deliver(world.site, form, document.encode(), link=named)
        await world.live()
        with world.store.read() as work:
            newest = work.log.after(0, limit=9)[-1]  # type: ignore[arg-type]
        assert newest.feed is not None
        assert newest.feed.url == hub.url("/feed")
        assert {each.offer.hub for each in world.subscriptions} == {hub.url("/hub")}


async def test_what_is_not_delivered_is_not_gone(tmp_path: Path, hub: Hub) -> None:
    """WS-18: no story is taken back, none is missed, none told again; and the next poll finds nothing new."""
    links = link("hub", hub.url("/hub"))
    hub.publish("/feed", feed_of(5, 4, 3, 2, 1, links=links))
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        for story in (6, 7):
            await hub.deliver(world.site, form, feed_of(story).encode())
            await world.live()
        before = world.feed(hub.url("/feed"))
        hub.publish("/feed", feed_of(7, 6, 5, 4, 3, links=links))
        await world.live(49 * HOUR)
        with world.store.read() as work:
            changes = work.log.after(0, limit=99)  # type: ignore[arg-type]
        assert hub.got == ["/feed"] * 2
        assert [change.kind for change in changes] == ["new"] * 7
        assert before.digested_at == NOW


async def test_a_delivery_changes_what_was_told_before(tmp_path: Path, hub: Hub) -> None:
    """WS-13: through the same digest and commit as a poll."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        await hub.deliver(world.site, form, feed_of(1).replace("Story number 1", "Another headline").encode())
        await world.live()
        assert world.titles == {"Another headline"}


@pytest.mark.parametrize("body", [b"", b"ping", b"<html>", feed_of().encode()])
async def test_a_thin_ping_has_the_feed_asked(tmp_path: Path, hub: Hub, body: bytes) -> None:
    """WS-21: once the shortest interval is over, and no sooner however often it comes."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        for _ in range(5):
            assert (await hub.deliver(world.site, form, body)).status_code == 202
            await world.live(timedelta(minutes=10))
        assert hub.got == ["/feed"]
        hub.publish("/feed", feed_of(2, 1))
        await world.live(timedelta(minutes=10))
        assert hub.got == ["/feed"] * 2
        assert world.titles == BOTH


async def test_a_delivery_waits_while_its_feed_is_polled(tmp_path: Path, hub: Hub) -> None:
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        world.clock.now += 24 * HOUR
        (feed,) = await world.tools.write(lambda work: claim(work, world.clock.now))
        await hub.deliver(world.site, form, feed_of(2).encode())
        await world.subscriber.take_pushes()
        assert world.titles == ONE
        await world.tools.write(lambda work: work.feeds.give_back(feed, world.clock.now + HOUR))
        await world.subscriber.take_pushes()
        assert world.titles == BOTH


async def test_what_was_not_taken_at_the_end_is_polled_for(tmp_path: Path, hub: Hub) -> None:
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        await world.live(2 * HOUR)
        await hub.deliver(world.site, form, feed_of(2).encode())
        await world.subscriber.hand_over()
        assert world.feed(hub.url("/feed")).next_poll_at <= world.clock.now + HOUR


async def test_a_delivery_is_bounded_as_a_fetch_is(tmp_path: Path, hub: Hub) -> None:
    """WS-20: in what is sent, and in what that decodes to."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        fine = gzip.compress(feed_of(2).encode())
        assert (await hub.deliver(world.site, form, fine, content_encoding="gzip")).status_code == 202
        large = zlib.compressobj(wbits=31)
        bomb = b"".join(large.compress(b" " * 1_000_000) for _ in range(30)) + large.flush()
        assert (await hub.deliver(world.site, form, bomb, content_encoding="gzip")).status_code == 413
        for coding in ("br, gzip", "secret"):
            assert (await hub.deliver(world.site, form, fine, content_encoding=coding)).status_code == 415
        await world.live()
        assert world.titles == BOTH


async def test_a_delivery_without_an_end_is_cut_off(tmp_path: Path, hub: Hub) -> None:
    """WS-20."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 100_000
            await asyncio.sleep(0)

    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        path = form["hub.callback"].removeprefix("https://news.example")
        try:
            answer = await world.site.post(path, content=endless())
            assert answer.status_code == 413
        except httpx.TransportError:  # the connection was closed while more was on its way
            pass
        assert sent < 1000


async def test_there_is_an_end_to_what_waits(tmp_path: Path, hub: Hub) -> None:
    """WS-20: a hub that is told to come later does."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        body = feed_of(2).encode()
        statuses = [(await hub.deliver(world.site, form, body)).status_code for _ in range(205)]
        assert statuses == [202] * 200 + [503] * 5
