"""The life of a subscription, as its hub sees it."""

from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model import FeedConfig, FeedId, Offer
from aggregator.websub import lease
from tests.store.factory import NOW
from tests.websub.hub import Hub, a_hub
from tests.websub.making import BASE, HOUR, a_world, feed_of, link

DAY = 24 * HOUR


async def test_a_hub_is_asked_once_with_all_that_it_needs(tmp_path: Path, hub: Hub) -> None:
    """WS-06, WS-07, WS-08: and for a callback on https that nobody can guess."""
    url = hub.url("/feed")
    async with a_world(tmp_path, hub, url) as world:
        await world.live()
        await world.live()
    ((path, form),) = hub.asked
    assert path == "/hub"
    assert form == {
        "hub.mode": "subscribe",
        "hub.topic": url,
        "hub.callback": f"{BASE}/websub/{form['hub.callback'].rpartition('/')[2]}",
        "hub.lease_seconds": "864000",
        "hub.secret": form["hub.secret"],
    }
    assert form["hub.secret"] not in form["hub.callback"]
    assert len(form["hub.secret"].encode()) < 200


async def test_what_was_asked_for_is_verified_in_plain_text(tmp_path: Path, hub: Hub) -> None:
    """WS-09: the challenge and nothing else, which no browser takes for a page."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        await world.live()
        answer = await hub.verify(world.site, hub.forms[0])
        assert (answer.status_code, answer.text) == (200, "<b>1</b>")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert world.states == ["active"]
        assert (await hub.verify(world.site, hub.forms[0])).status_code == 200  # it may ask twice


@pytest.mark.parametrize(
    "changes",
    [{"hub_topic": "https://other.example/"}, {"hub_mode": "unsubscribe"}, {"hub_mode": "publish"}, {"hub_mode": ""}],
)
async def test_205_what_nobody_asked_for_is_not_verified(tmp_path: Path, hub: Hub, changes: dict[str, str]) -> None:
    """WS-10: another topic, another mode."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        await world.live()
        assert (await hub.verify(world.site, hub.forms[0], **changes)).status_code == 404
        assert world.states == ["pending"]


async def test_a_callback_that_was_never_given_is_unknown(tmp_path: Path, hub: Hub) -> None:
    """WS-10: for whoever guesses."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        stranger = form | {"hub.callback": form["hub.callback"] + "x"}
        assert (await hub.verify(world.site, stranger)).status_code == 404
        assert (await hub.deliver(world.site, stranger, b"x")).status_code == 404


async def test_a_denied_feed_is_polled_and_its_hub_left_alone(tmp_path: Path, hub: Hub) -> None:
    """WS-11: at first, or in the middle of a lease."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        await world.live(2 * HOUR)
        assert world.feed(hub.url("/feed")).next_poll_at - world.clock.now > 6 * HOUR
        answer = await hub.verify(world.site, form, hub_mode="denied", hub_reason="no more", hub_challenge="")
        assert (answer.status_code, answer.text) == (200, "")
        assert world.feed(hub.url("/feed")).next_poll_at - world.clock.now < 6 * HOUR
        polls = hub.got.count("/feed")
        for _ in range(5):
            await world.live(DAY)
        assert hub.got.count("/feed") > polls
        assert (len(hub.asked), world.states) == (1, ["denied"])
        assert world.subscriptions[0].reason == "no more"
        await world.live(30 * DAY)
        await world.live(HOUR)
        assert len(hub.asked) == 2  # it may have changed its mind


async def test_a_pushed_feed_is_polled_twelve_times_slower(tmp_path: Path, hub: Hub) -> None:
    """WS-12: as a safety net, and as before once the lease is over."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        await world.subscribed(hub_lease_seconds="86400")
        hub.answers["/hub"] = (500, [])
        asked = []
        for hour in range(72):
            hub.publish("/feed", feed_of(hour + 2, hour + 1, links=link("hub", hub.url("/hub"))))
            before = hub.got.count("/feed")
            await world.live(HOUR)
            asked.append(hub.got.count("/feed") - before)
        assert sum(asked[2:24]) <= 2
        assert sum(asked[-24:]) >= 12
        assert "active" not in world.states


async def test_a_lease_is_renewed_before_it_ends_under_a_new_callback(tmp_path: Path, hub: Hub) -> None:
    """WS-07, WS-08, WS-12: the old one is left when the new one is verified, and answers 410 from then on."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        old = await world.subscribed(hub_lease_seconds="864000")
        await world.live(7.9 * DAY)
        assert len(hub.forms) == 1
        await world.live(0.2 * DAY)
        await world.live(timedelta(minutes=1))
        new = hub.forms[-1]
        assert world.states == ["active", "pending"]
        assert new["hub.topic"] == old["hub.topic"]
        assert new["hub.callback"] != old["hub.callback"]
        assert new["hub.secret"] != old["hub.secret"]
        assert (await hub.deliver(world.site, old, feed_of(2).encode())).status_code == 202
        assert (await hub.verify(world.site, new)).status_code == 200
        await world.live()
        leaving = hub.forms[-1]
        assert (leaving["hub.mode"], leaving["hub.callback"]) == ("unsubscribe", old["hub.callback"])
        assert "hub.secret" not in leaving
        assert (await hub.deliver(world.site, old, feed_of(3).encode())).status_code == 410
        assert (await hub.verify(world.site, leaving)).text == "<b>1</b>"
        assert world.states == ["active", "ended"]
        assert world.titles == {"Story number 1", "Story number 2"}


async def test_without_a_stated_lease_a_short_one_is_assumed(tmp_path: Path, hub: Hub) -> None:
    """WS-12."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        await world.subscribed(hub_lease_seconds="")
        (active,) = world.subscriptions
        assert active.lease_until == NOW + 6 * HOUR


@pytest.mark.parametrize(("stated", "lease_of"), [("1", timedelta(minutes=5)), ("9" * 30, 30 * DAY), ("-1", 6 * HOUR)])
def test_a_lease_is_held_within_reason(stated: str, lease_of: timedelta) -> None:
    """WS-12."""
    offer = Offer(hub="https://hub.example/", topic="https://x.example/")
    pending = lease.begun(FeedId(1), "https://x.example/", offer, token="t", secret="s", now=NOW)
    active = lease.verified(pending, stated, NOW)
    assert active.lease_until == NOW + lease_of
    assert NOW < active.next_at < active.lease_until


async def test_a_feed_that_is_removed_is_unsubscribed_from(tmp_path: Path, hub: Hub) -> None:
    """WS-19: what comes afterwards answers 410; so does a hub's own idea of an end not count before."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        form = await world.subscribed()
        assert (await hub.verify(world.site, form, hub_mode="unsubscribe")).status_code == 404
        nothing = [FeedConfig(url="https://other.example/", enabled=False)]
        await world.tools.write(lambda work: work.feeds.sync(nothing, NOW))
        await world.live(HOUR)
        assert hub.forms[-1]["hub.mode"] == "unsubscribe"
        assert (await hub.deliver(world.site, form, feed_of(2).encode())).status_code == 410
        assert (await hub.verify(world.site, hub.forms[-1])).status_code == 200
        assert world.states == ["ended"]
        await world.live(31 * DAY)
        assert world.states == []


async def test_a_feed_that_names_another_hub_is_subscribed_there(tmp_path: Path, hub: Hub) -> None:
    """WS-01: and no more where it was."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        await world.subscribed()
        hub.publish("/feed", feed_of(2, 1, links=link("hub", hub.url("/hub2"))))
        for _ in range(3):
            await world.live(DAY)
        assert {(path, form["hub.mode"]) for path, form in hub.asked[1:]} == {
            ("/hub", "unsubscribe"),
            ("/hub2", "subscribe"),
        }


async def test_a_hub_that_never_verifies_is_given_up(tmp_path: Path, hub: Hub) -> None:
    """WS-11: after less than a day; one that refuses is no other, and what it said is kept."""
    hub.answers["/hub"] = (403, [])
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        for _ in range(48):
            await world.live(HOUR / 2)
        assert 5 <= len(hub.asked) <= 8
        assert [each.reason for each in world.subscriptions] == ["HTTP 403 Forbidden"]
        assert world.states == ["denied"]


async def test_when_nobody_listens_any_more_all_is_over(tmp_path: Path, hub: Hub) -> None:
    """WS-12: the feed is polled as ever."""
    async with a_world(tmp_path, hub, hub.url("/feed")) as world:
        await world.subscribed()
        await world.live(2 * HOUR)
        await world.subscriber.end_all()
        feed = world.feed(hub.url("/feed"))
        assert (world.states, feed.pushed_until) == (["ended"], None)
        assert feed.next_poll_at - world.clock.now < 6 * HOUR


async def test_a_hub_without_tls_is_told_no_secret(tmp_path: Path) -> None:
    """WS-07, WS-21: what it sends may be anybody's, so that the feed itself is asked."""
    with a_hub(tls=False) as hub:
        url = hub.publish("/feed", feed_of(1, links=link("hub", hub.url("/hub"))))
        async with a_world(tmp_path, hub, url) as world:
            form = await world.subscribed()
            assert "hub.secret" not in form
            await world.live(2 * HOUR)
            await world.live(2 * HOUR)
            hub.publish("/feed", feed_of(3, 1, links=link("hub", hub.url("/hub"))))
            assert (await hub.deliver(world.site, form, feed_of(2, 1).encode())).status_code == 202
            await world.live(timedelta(seconds=1))
            assert world.titles == {"Story number 1", "Story number 3"}
