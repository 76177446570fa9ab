"""Polling over days: real code and a real store, with time and the network as arguments."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.fetch.budget import OriginBudget
from aggregator.fetch.pace import Signal
from aggregator.fetch.policy import FetchRequest
from aggregator.model import Digest, Failed, Feed, FeedConfig, Fetched, FetchResult, Unreadable, Validators
from aggregator.poll import Report, Tools
from aggregator.poller import Poller
from aggregator.schedule.audit import audit
from aggregator.schedule.policy import PollPolicy
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from aggregator.store.writer import Writer
from tests.e2e.site import item, rss

START = datetime(2026, 6, 24, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OLD, NEW = "https://old.example/feed", "https://new.example/feed"


class World:
    """A clock that is moved by hand, and what every URL answers."""

    def __init__(self, store: Store, write: Writer) -> None:
        self.now = START
        self.store = store
        self.answers: dict[str, Callable[[], FetchResult]] = {}
        self.asked: list[tuple[datetime, str, bool]] = []  # (when, URL, whether with validators)
        self.reports: list[Report] = []
        self._tools = Tools(
            fetch=self._fetch,
            digest=_digest,
            write=write,
            budget=OriginBudget(per_host=9, host_delay=timedelta(), concurrency=9),
            policy=PollPolicy(shortest=HOUR, usual=HOUR, longest=DAY),
            enabled=frozenset(),
            fill_gaps=True,
            clock=lambda: self.now,
        )
        self.poller = Poller(self._tools, concurrency=9, per_origin=9, on_report=self.reports.append)

    async def live(self, time: timedelta) -> None:
        """Let time go by, ten minutes at a time, polling what is due."""
        end = self.now + time
        while self.now < end:
            await self.poller.poll_due()
            self.now += timedelta(minutes=10)

    def feed(self, url: str) -> Feed:
        """Return the feed as it is stored."""
        with self.store.read() as work:
            found = work.schedule.find(url)
        assert found is not None
        return found

    async def _fetch(self, request: FetchRequest) -> FetchResult:
        self.asked.append((self.now, request.url, request.validators is not None))
        return self.answers[request.url]()


async def _digest(job: DigestJob) -> Digest | Unreadable:
    return digest(job)


@asynccontextmanager
async def a_world(folder: Path, *urls: str) -> AsyncIterator[World]:
    """Offer a world in which these feeds are configured."""
    store = open_store(f"sqlite:///{folder}/store.sqlite", create=True)
    async with Writer(store) as write:
        await write(lambda work: work.feeds.sync([FeedConfig(url=url) for url in urls], START))
        yield World(store, write)


def answer(url: str, *, permanent_url: str | None = None) -> FetchResult:
    """Return a document of one story, found at ``url``."""
    return Fetched(
        url=url,
        permanent_url=permanent_url,
        status=200,
        body=rss(item("https://x.example/1")).encode(),
        headers={},
        validators=Validators(etag=b'"1"', url=url),
        retry_after=None,
        wire_bytes=1000,
    )


def a_page(*stories: int, older: str | None = None) -> FetchResult:
    """Return a document of these stories at OLD, continued at ``older``."""
    link = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="prev-archive" href="{older}"/>' if older else ""
    text = rss(*(item(f"https://x.example/{n}", title=f"Story {n}", guid=str(n)) for n in stories))
    document = answer(OLD)
    assert isinstance(document, Fetched)
    return replace(document, body=text.replace("<description>x</description>", link).encode())


def moved() -> FetchResult:
    """Return what OLD answers when it has moved to NEW for good."""
    return answer(NEW, permanent_url=NEW)


async def test_a_feed_that_moved_is_polled_at_its_new_place_after_three_days(tmp_path: Path) -> None:
    """ST-10, CR-20: asked there without the old place's validators first, and never at the old place again."""
    async with a_world(tmp_path, OLD) as world:
        world.answers = {OLD: moved, NEW: lambda: answer(NEW)}
        await world.live(12 * DAY)
        feed = world.feed(OLD)
    assert (feed.url, feed.fetch_url, feed.origin) == (OLD, NEW, "new.example")
    first_there = next(when for when, url, _ in world.asked if url == NEW)
    assert all(when < first_there for when, url, _ in world.asked if url == OLD)
    assert first_there - START >= 3 * DAY
    assert [conditional for _, url, conditional in world.asked if url == NEW][:2] == [False, True]
    assert sum(report.outcome.moved_from == OLD for report in world.reports) == 1


async def test_two_feeds_do_not_end_at_one_place(tmp_path: Path) -> None:
    """ST-19: the one that moved stops, and points at the other."""
    async with a_world(tmp_path, OLD, NEW) as world:
        world.answers = {OLD: moved, NEW: lambda: answer(NEW)}
        await world.live(12 * DAY)
        feed = world.feed(OLD)
        assert (feed.state, feed.fetch_url) == ("disabled", OLD)
        assert NEW in (feed.reason or "")
        assert world.feed(NEW).state == "ok"


async def test_a_feed_that_is_gone_is_left_alone(tmp_path: Path) -> None:
    """ST-22, SC-37: two requests, then none; the change log says so once."""
    async with a_world(tmp_path, OLD) as world:
        world.answers = {OLD: lambda: Failed(kind="status", message="HTTP 410", url=OLD, status=410)}
        await world.live(30 * DAY)
        assert len(world.asked) == 2
        assert world.feed(OLD).state == "gone"
    assert [notice.detail["to"] for report in world.reports for notice in report.outcome.notices] == ["failing", "gone"]


async def test_a_gap_is_filled_from_the_archive_where_that_is_allowed(tmp_path: Path) -> None:
    """PG-02, PG-03, SC-33: the archive is asked only then, and a gap that is filled is none."""
    archive = "https://old.example/archive"
    async with a_world(tmp_path, OLD) as world:
        world.answers = {OLD: lambda: a_page(2, 1, older="/archive"), archive: lambda: a_page(4, 3, 2)}
        await world.live(6 * HOUR)
        assert archive not in [url for _, url, _ in world.asked]
        world.answers[OLD] = lambda: a_page(6, 5, older="/archive")
        await world.live(DAY)
        with world.store.read() as work:
            assert work.records.count() == 6
        world.answers[OLD] = lambda: a_page(12, 11, older="/archive")
        world.answers[archive] = lambda: a_page(10, 9)
        await world.live(DAY)
    (notice,) = [notice for report in world.reports for notice in report.outcome.notices]
    assert (notice.kind, notice.detail["filled"]) == ("gap", 2)


async def test_an_archive_that_may_not_be_asked_ends_no_poll(tmp_path: Path) -> None:
    """ST-07, SC-01: the origin wants to be left alone from now on; the feed itself was read, and is not asked again."""
    async with a_world(tmp_path, OLD) as world:
        world.answers = {OLD: lambda: a_page(2, 1, older="/archive")}
        await world.live(6 * HOUR)

        def closing() -> FetchResult:
            signal = Signal(started=world.now, at=world.now, welcome=True, wait=HOUR / 2)
            world.poller._tools.budget.heard("old.example", signal)
            return a_page(6, 5, older="/archive")

        world.answers[OLD] = closing
        world.reports.clear()
        await world.live(6 * HOUR)
        assert world.reports[0].outcome.result == "ok"
        assert [late - early >= HOUR for (early, *_), (late, *_) in pairwise(world.asked)].count(False) == 0


async def test_a_feed_held_up_into_an_hour_that_it_skips_waits_on(tmp_path: Path) -> None:
    """SC-20: by an outage, or its origin."""
    async with a_world(tmp_path, OLD) as world:
        skips = "".join(f"<hour>{hour}</hour>" for hour in range(16, 22))
        page = rss(item("https://x.example/1")).replace(
            "<description>", f"<skipHours>{skips}</skipHours><description>", 1
        )
        document = answer(OLD)
        assert isinstance(document, Fetched)
        world.answers = {OLD: lambda: replace(document, body=page.encode())}
        await world.live(HOUR / 2)
        world.now += 6 * HOUR  # nothing was polled meanwhile
        await world.live(DAY)
        assert not {when.hour for when, *_ in world.asked} & set(range(16, 22))
        assert len(world.asked) > 2


async def test_a_clock_that_goes_back_stalls_nobody(tmp_path: Path) -> None:
    """SC-28: while the daemon runs."""
    async with a_world(tmp_path, OLD) as world:
        world.answers = {OLD: lambda: answer(OLD)}
        await world.live(6 * HOUR)
        world.now -= 10 * DAY
        before = len(world.asked)
        await world.live(DAY)
        assert len(world.asked) > before
        assert world.feed(OLD).next_poll_at < world.now + DAY


async def test_many_feeds_on_many_hosts_are_polled_politely_for_days(tmp_path: Path) -> None:
    """SC-01, SC-02, SC-03, SC-29: no poll comes early, and the day is UTC's; SC-38: nothing but feeds is asked for."""
    urls = [f"https://{host}.example/{n}" for host in range(5) for n in range(4)]
    async with a_world(tmp_path, *urls) as world:
        world.answers = {url: lambda url=url: answer(url) for url in urls}  # type: ignore[misc]
        await world.live(5 * DAY)
        with world.store.read() as work:
            lines = audit(work.schedule.polls(START))
    assert {line.origin for line in lines} == {f"{host}.example" for host in range(5)}
    assert {url for _, url, _ in world.asked} == set(urls)
    assert sum(line.violations for line in lines) == 0
    assert sum(line.requests for line in lines) == len(world.asked)
    assert all(report.outcome.feed.next_poll_at > report.outcome.finished_at for report in world.reports)
