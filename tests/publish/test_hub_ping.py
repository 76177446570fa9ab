"""Telling hubs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.fetch import FetchPolicy, Poster
from aggregator.model import Failed, Seq
from aggregator.outputs import hub_pings
from aggregator.publish.hub_ping import HubPing
from aggregator.settings import Settings
from aggregator.settings.models import SiteSettings, WebsubSettings
from tests.fetch.making import LOOPBACK
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll
from tests.websub.hub import a_hub

SECOND = timedelta(seconds=1)
START = Seq(7)


@dataclass
class World:
    """A hub that is told of a log."""

    now: datetime = NOW
    newest: Seq = START
    answer: Callable[[], Failed | None] = lambda: None
    told: list[tuple[float, str]] = field(default_factory=list)  # seconds, topic

    async def tell(self, topic: str) -> Failed | None:
        """Be told."""
        self.told.append(((self.now - NOW).total_seconds(), topic))
        return self.answer()

    async def last(self) -> Seq:
        """Return the end of the log."""
        return self.newest

    async def live(self, ping: HubPing, seconds: int, *, busy: bool = False) -> None:
        """Let time go by, a change every second where it is busy."""
        for _ in range(seconds):
            await ping.catch_up()
            self.now += SECOND
            self.newest = Seq(self.newest + busy)

    @property
    def ping(self) -> HubPing:
        """A ping that is new."""
        return HubPing(["/feed.atom"], self.tell, self.last, lambda: self.now)


async def test_changes_that_come_together_are_told_together() -> None:
    world = World()
    ping = world.ping
    await world.live(ping, 100)
    assert world.told == []
    await world.live(ping, 300, busy=True)
    assert [when for when, _ in world.told] == [111, 171, 231, 291, 351]
    await world.live(ping, 600)
    assert len(world.told) == 6


async def test_a_hub_that_refuses_is_told_later_and_ever_more_seldom() -> None:
    world = World(answer=lambda: Failed(kind="status", message="HTTP 500", url="https://hub.example/", status=500))
    ping = world.ping
    await world.live(ping, 1)
    await world.live(ping, 3600, busy=True)
    assert 4 <= len(world.told) <= 6
    world.answer = lambda: None
    await world.live(ping, 3600)
    told = len(world.told)
    await world.live(ping, 3600)
    assert len(world.told) == told


async def test_a_hub_is_told_of_every_feed_of_the_site(tmp_path: Path) -> None:
    """In the words of the specification, over HTTP."""
    now = NOW
    with a_hub(tls=False) as hub, a_store(tmp_path, "https://x.example/feed") as store:
        site, websub = SiteSettings(base_url="https://news.example"), WebsubSettings(hubs=(hub.url("/hub?x=1"),))
        policy = FetchPolicy(
            version="1", allow_networks=(LOOPBACK,), configured_ports=frozenset({("127.0.0.1", hub.port)})
        )
        async with Poster(policy, now=lambda: now) as poster:
            (ping,) = hub_pings(Settings(site=site, websub=websub), store, poster, lambda: now)
            await ping.catch_up()
            poll(store, "https://x.example/feed", a_digest(a_draft("x.example/1")), NOW)
            await ping.catch_up()
            now += 10 * SECOND
            await ping.catch_up()
    assert [form["hub.topic"] for _, form in hub.asked] == [
        f"https://news.example/feed.{suffix}" for suffix in ("atom", "rss", "json")
    ]
    assert all(form["hub.mode"] == "publish" and form["hub.url"] == form["hub.topic"] for _, form in hub.asked)
    assert {path for path, _ in hub.asked} == {"/hub?x=1"}
