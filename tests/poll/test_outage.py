"""Our own network goes down and comes back (ST-39)."""

from datetime import timedelta
from pathlib import Path

from structlog.testing import capture_logs

from aggregator.model import Failed, FetchResult
from tests.poll.making import DOWN, HOUR, polling, unchanged

FEEDS = [f"http://{name}.example/feed" for name in "abcdefghijkl"]
LATER = 3 * HOUR


def down(url: str) -> FetchResult:
    return DOWN


async def test_an_outage_costs_no_feed_anything(tmp_path: Path) -> None:
    """ST-39: no failure counted, no backoff; one probe at a time; everything is caught up, once; two lines of log."""
    async with polling(tmp_path, *FEEDS) as running:
        assert sorted(await running.poll()) == FEEDS
        running.world.answer = down
        with capture_logs() as logs:
            await running.poll(LATER)
            assert running.poller.is_offline
            assert {(status.failures, status.next_poll_at <= running.world.now) for status in running.statuses()} == {
                (0.0, True)
            }
            probes = [len(await running.poll(timedelta(seconds=1))) for _ in range(600)]
            assert set(probes) == {0, 1}
            assert 9 <= sum(probes) <= 14  # after 5, 10, 20, 40 and then every 60 seconds
            running.world.answer = unchanged
            asked = [url for _ in range(90) for url in await running.poll(timedelta(seconds=1))]
        assert sorted(asked) == FEEDS
        assert {(status.state, status.failures) for status in running.statuses()} == {("ok", 0.0)}
        assert [line["event"].partition(":")[0] for line in logs if "network" in line["event"]] == [
            "own network seems down",
            "own network is back",
        ]


async def test_the_first_feeds_to_fall_silent_are_not_told_of(tmp_path: Path) -> None:
    """ST-39: what failed before the outage was one leaves no line in the change log, and no reason."""
    async with polling(tmp_path, *FEEDS) as running:
        await running.poll()
        running.world.answer = down
        await running.poll(LATER)
        running.world.answer = unchanged
        for _ in range(90):
            await running.poll(timedelta(seconds=1))
        with running.store.read() as work:
            assert work.log.last() == 0
        assert {(status.state, status.reason) for status in running.statuses()} == {("ok", None)}


async def test_an_answer_that_breaks_off_ends_no_outage(tmp_path: Path) -> None:
    """ST-39: it may have begun before; and it costs its feed nothing."""
    async with polling(tmp_path, *FEEDS) as running:
        await running.poll()
        running.world.answer = down
        await running.poll(LATER)
        running.world.answer = lambda url: Failed(kind="connect", message="reset", url=url, status=200)
        for _ in range(90):
            await running.poll(timedelta(seconds=1))
        assert running.poller.is_offline
        assert {status.failures for status in running.statuses()} == {0.0}


async def test_a_start_without_a_network_is_an_outage_too(tmp_path: Path) -> None:
    """ST-39: feeds that were never asked before are forgiven like the others."""
    async with polling(tmp_path, *FEEDS) as running:
        running.world.answer = down
        await running.poll()
        assert running.poller.is_offline
        assert {status.failures for status in running.statuses()} == {0.0}


async def test_one_site_that_is_down_is_no_outage(tmp_path: Path) -> None:
    """ST-39: however many feeds and hosts it has; its failures count."""
    async with polling(tmp_path, *(f"http://{name}.one.example/feed" for name in "abcdefgh")) as running:
        running.world.answer = down
        await running.poll()
        assert not running.poller.is_offline
        assert {status.failures for status in running.statuses()} == {1.0}


async def test_sites_that_are_down_while_others_answer_are_no_outage(tmp_path: Path) -> None:
    """ST-39: an error is an answer, too."""
    dead = FEEDS[::2]

    def answer(url: str) -> FetchResult:
        return DOWN if url in dead else Failed(kind="status", message="HTTP 500", url=url, status=500)

    async with polling(tmp_path, *FEEDS) as running:
        running.world.answer = answer
        await running.poll()
        assert not running.poller.is_offline
        assert {status.failures for status in running.statuses()} == {1.0}


async def test_dead_feeds_cannot_keep_the_others_waiting(tmp_path: Path) -> None:
    """ST-39: three that died together look like an outage once; forgiven, they fail like any other."""
    dead = FEEDS[:3]
    async with polling(tmp_path, *FEEDS[:5]) as running:
        running.world.answer = lambda url: DOWN if url in dead else unchanged(url)
        asked = [url for _ in range(600) for url in await running.poll(timedelta(seconds=1))]
        assert not running.poller.is_offline
        assert {status.url: status.failures for status in running.statuses()} == {
            url: 1.0 if url in dead else 0.0 for url in FEEDS[:5]
        }
        assert len(asked) <= 5 + 2 * len(dead)


async def test_a_person_at_a_prompt_is_not_kept_waiting(tmp_path: Path) -> None:
    """ST-39: polling once ends in an outage, and what was asked for stays due."""
    async with polling(tmp_path, *FEEDS, asked_only=True) as running:
        now = running.world.now
        await running.tools.write(lambda work: work.feeds.ask(None, now, recent=now))
        running.world.answer = down
        await running.poll()
        assert running.poller.is_offline
        assert {status.failures for status in running.statuses()} == {0.0}
