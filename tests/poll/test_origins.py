"""Which origin a poll is on, and what an answer means for the others of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from aggregator.fetch import Group, Limits, OriginPausedError, Origins
from aggregator.model import Failed, FetchResult
from aggregator.schedule.mending import mended
from tests.poll.making import HOUR, polling, unchanged
from tests.schedule.making import POLICY

SLOW_DOWN = Failed(kind="status", message="HTTP 429", url="", status=429, retry_after=timedelta(hours=5))
GROUP = Group(name="hub", hosts=("*.hub.example",))
FEEDS = [f"http://{name}.hub.example/feed" for name in "abcd"]


def refused(url: str) -> FetchResult:
    return replace(SLOW_DOWN, url=url) if url == FEEDS[0] else unchanged(url)


async def test_a_verdict_on_one_feed_of_a_group_is_everybodys(tmp_path: Path) -> None:
    """ST-07, SC-26: a group is one origin."""
    async with polling(tmp_path, *FEEDS, origin_of=Origins("host", [GROUP]).of) as running:
        running.world.answer = refused
        assert await running.poll() == FEEDS[:1]
        assert await running.poll(4 * HOUR) == []
        running.world.answer = unchanged
        assert sorted(await running.poll(2 * HOUR)) == FEEDS


async def test_a_wait_ends_when_it_should_though_the_clock_went_back(tmp_path: Path) -> None:
    """SC-28: it is as long from then on, and no longer."""
    async with polling(tmp_path, *FEEDS, origin_of=Origins("host", [GROUP]).of) as running:
        running.world.answer = refused
        assert await running.poll() == FEEDS[:1]
        running.world.answer = unchanged
        assert await running.poll(-10 * HOUR) == []
        assert await running.poll(4 * HOUR) == []
        assert sorted(await running.poll(7 * HOUR)) == FEEDS


async def test_one_bad_route_does_not_stall_its_group_where_the_operator_says_so(tmp_path: Path) -> None:
    """ST-07: without a shared verdict the feed alone waits."""
    special = {"@hub": Limits(per_host=1, delay=timedelta(), shared_verdict=False)}
    async with polling(tmp_path, *FEEDS, origin_of=Origins("host", [GROUP]).of, special=special) as running:
        running.world.answer = refused
        assert sorted(await running.poll()) == FEEDS
        assert sorted(await running.poll(4 * HOUR)) == FEEDS[1:]


async def test_hosts_found_at_one_address_become_one_origin(tmp_path: Path) -> None:
    """SC-27: after the first poll, and over a restart."""
    origins = Origins("address")
    hosts = [f"http://{name}.example/feed" for name in "abcd"]
    async with polling(tmp_path, *hosts, origin_of=origins.of) as running:
        running.world.answer = lambda url: replace(unchanged(url), address="192.0.2.7")
        assert sorted(await running.poll()) == hosts
    async with polling(tmp_path, *hosts, origin_of=origins.of) as running:
        claimed = await running.tools.write(
            lambda work: work.feeds.claim_due(
                running.world.now + 2 * HOUR,
                limit=9,
                per_origin=1,
                token="t",
                lease_until=running.world.now + 3 * HOUR,
            )
        )
        assert [(feed.origin, feed.address) for feed in claimed] == [("192.0.2.7", "192.0.2.7")]


async def test_what_another_origin_said_is_not_held_against_ours(tmp_path: Path) -> None:
    """ST-07: a redirect led to a host that wants to be left alone; the feed waits, its host does not."""
    here = ["http://here.example/a", "http://here.example/b"]
    async with polling(tmp_path, *here) as running:
        running.world.answer = lambda url: (
            replace(SLOW_DOWN, url="http://there.example/") if url == here[0] else unchanged(url)
        )
        assert sorted(await running.poll()) == here


async def test_who_leads_to_an_origin_that_is_paused_is_not_asked_again_at_once(tmp_path: Path) -> None:
    """SC-01: the redirect was an answer, though the poll is as if it had not been."""
    async with polling(tmp_path, *FEEDS[:1]) as running:

        def lead(url: str) -> FetchResult:
            raise OriginPausedError("there.example", timedelta(seconds=30))

        running.world.answer = lead
        assert await running.poll() == FEEDS[:1]
        assert await running.poll(HOUR * 0.9) == []
        assert await running.poll(2 * HOUR) == FEEDS[:1]
        (status,) = running.statuses()
        assert (status.state, status.failures, status.reason) == ("new", 0.0, None)
        assert {report.outcome.result for report in running.world.reports} == {"postponed"}
        await running.tools.write(
            lambda work: work.schedule.mend(lambda feeds: mended(feeds, POLICY, running.world.now))
        )
        assert await running.poll(HOUR * 0.9) == []


async def test_a_poll_asks_for_the_feed_and_for_nothing_else(tmp_path: Path) -> None:
    """SC-37, SC-38, HT-14: no favicon, no home page, no robots.txt."""
    async with polling(tmp_path, *FEEDS[:1]) as running:
        assert await running.poll() == FEEDS[:1]
