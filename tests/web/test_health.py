"""Whether a process does well, for programs that watch over it."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from aggregator.poll import Report
from aggregator.settings.models import WebSettings
from aggregator.store.plan import Applied
from aggregator.vitals import Vitals
from tests.postgres import Server
from tests.store.factory import NOW, a_store, an_outcome, claim, poll
from tests.store.places import Place
from tests.web.making import HERALD, LATER, a_library, a_story, browsing

TOKEN = "a-token-of-the-tests"
Figures = dict[tuple[str, tuple[str, ...]], float]


def figures(text: str) -> Figures:
    """Return what Prometheus reads: (name, values of labels) -> figure."""
    families = text_string_to_metric_families(text)
    return {(each.name, tuple(each.labels.values())): each.value for family in families for each in family.samples}


async def test_a_site_that_can_read_its_store_is_ready(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            for path in ("/healthz", "/readyz"):
                got = await client.get(path)
                assert (got.status_code, got.text, got.headers["cache-control"]) == (200, "ok\n", "no-store")


async def test_a_store_of_another_version_is_not_ready_and_the_process_lives(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        connection = sqlite3.connect(tmp_path / "store.sqlite")
        connection.execute("PRAGMA user_version=1")
        connection.close()
        async with browsing(store) as client:
            got = await client.get("/readyz")
            assert got.status_code == 503
            assert "older" in got.text
            assert (await client.get("/healthz")).status_code == 200


async def test_polling_that_is_paused_is_not_ready(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store, store.exclusive("aggregator run"):
        store.tell("the disk is full")
        async with browsing(store) as client:
            got = await client.get("/readyz")
            assert (got.status_code, got.text) == (503, "polling is paused: the disk is full\n")


async def test_the_figures_of_the_store_are_of_now(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1), a_story(2)) as store:
        with store.work() as work:
            work.consumers.advance("archive", work.log.last(), NOW)
        poll(store, HERALD, None, NOW + timedelta(seconds=1))
        later = NOW + timedelta(hours=2)
        async with browsing(store, now=later) as client:
            found = figures((await client.get("/metrics")).text)
        assert found["aggregator_change_seq", ()] == 2
        assert found["aggregator_consumer_lag", ("archive",)] == 0
        assert found["aggregator_feeds", ("ok",)] == 1
        assert found["aggregator_feeds_due", ()] == 2
        assert found["aggregator_schedule_lag_seconds", ()] >= 3599


async def test_a_store_that_a_fleet_may_share_tells_of_it(postgres: Server) -> None:
    with a_store(Place(postgres.fresh()), HERALD) as store:
        async with browsing(store, now=NOW + timedelta(seconds=90)) as client:
            found = figures((await client.get("/metrics")).text)
    assert found["aggregator_fleet_members", ()] == 0
    assert found["aggregator_fleet_buckets", ("waiting",)] == 0
    assert found["aggregator_fleet_bucket_lag_seconds", ("0.99",)] == 0
    assert found["aggregator_fleet_bucket_lag_seconds", ("1",)] == 90
    assert found["aggregator_fleet_reaped_buckets_total", ()] == 0


async def test_a_feed_that_may_not_be_asked_yet_is_not_late(tmp_path: Path) -> None:
    with a_store(tmp_path, HERALD) as store:
        with store.work() as work:
            (feed,) = claim(work, NOW)
            work.feeds.give_back(feed, NOW)
        with store.work() as work:
            assert (work.schedule.standing(LATER).due, work.schedule.standing(LATER).oldest) == (1, NOW)
            claim(work, NOW)
            assert work.schedule.standing(NOW).due == 0


NEAR = {"x-forwarded-for": "127.0.0.1"}, {"forwarded": "for=127.0.0.1"}, {"via": "1.1 proxy"}


@pytest.mark.parametrize("headers", NEAR)
async def test_who_comes_through_a_web_server_needs_the_token(tmp_path: Path, headers: dict[str, str]) -> None:
    """A forged X-Forwarded-For opened the figures of another reader (CVE-2023-27591)."""
    web = WebSettings(listen="127.0.0.1:0", token=TOKEN)
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store, web=web) as client:
            assert (await client.get("/metrics")).status_code == 200
            assert (await client.get("/metrics", headers=headers)).status_code == 403
            wrong = {**headers, "authorization": "Bearer x"}
            assert (await client.get("/metrics", headers=wrong)).status_code == 403
            right = {**headers, "authorization": f"Bearer {TOKEN}"}
            assert (await client.get("/metrics", headers=right)).status_code == 200


async def test_no_figure_names_a_feed_or_a_host(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            text = (await client.get("/metrics")).text
    assert "herald" not in text
    assert httpx.URL(HERALD).host not in text


def test_polls_are_counted_by_what_came_of_them(tmp_path: Path) -> None:
    vitals = Vitals(NOW)
    with a_store(tmp_path, HERALD) as store:
        with store.work() as work:
            (feed,) = claim(work, NOW)
        vitals.count(Report(outcome=an_outcome(feed, None, NOW), applied=Applied(new=3, updated=1)))
        vitals.worker_lost()
        vitals.watch(lambda: 7)
        vitals.reloaded(False, LATER)
        with store.read() as work:
            found = figures(vitals.text(work.schedule.standing(NOW), [], NOW).decode())
    assert found["aggregator_polls_total", ("ok",)] == 1
    assert found["aggregator_entries_total", ("new",)] == 3
    assert found["aggregator_entries_total", ("updated",)] == 1
    assert found["aggregator_fetched_bytes_total", ()] == 1000
    assert found["aggregator_workers_lost_total", ()] == 1
    assert found["aggregator_polls_in_flight", ()] == 7
    assert found["aggregator_config_last_reload_successful", ()] == 0
    assert found["aggregator_config_last_reload_timestamp_seconds", ()] == LATER.timestamp()


def test_a_daemon_that_does_not_go_round_any_more_is_not_alive() -> None:
    vitals = Vitals(NOW)
    assert vitals.is_alive(NOW + timedelta(days=1))  # it never said that it goes round
    vitals.beat(NOW)
    assert vitals.is_alive(NOW + timedelta(seconds=59))
    assert not vitals.is_alive(NOW + timedelta(seconds=60))
