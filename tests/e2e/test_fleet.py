"""Several workers on one PostgreSQL: killed, frozen, cut off; nothing lost, nothing twice, nobody asked too often."""

import itertools
import os
import signal
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from aggregator.model import Seq
from aggregator.store.contract import StoreError
from aggregator.store.postgres.store import PostgresStore
from tests.e2e.project import COMMAND, Daemon, Project
from tests.e2e.site import Answer, Site, item, rss, serving
from tests.postgres import Server
from tests.postgres import serving as serving_database
from tests.store.places import Place

_SPACING = 1.0
_SLACK = 0.5  # of a busy machine: a request may be on its way for as long
_PLAIN = {
    "AGGREGATOR__FETCH__PER_HOST": "1",
    "AGGREGATOR__FETCH__HOST_DELAY": f"{_SPACING:.0f}s",
    "AGGREGATOR__FETCH__CONCURRENCY": "16",
}


@dataclass(slots=True)
class Village:
    """Feeds on a few origins, which note who asks when."""

    site: Site
    feeds: int
    origins: int
    round: int = 0
    asked: list[tuple[int, float, float]] = field(default_factory=list)  # (feed, from, to)

    def __post_init__(self) -> None:
        """Publish the feeds."""
        for feed in range(self.feeds):
            self.site.answers[f"/{feed}"] = partial(self._answer, feed)

    @property
    def urls(self) -> list[str]:
        """The addresses of the feeds."""
        return [self.site.url(f"/{feed}", self._host(feed)) for feed in range(self.feeds)]

    def since(self, moment: float) -> set[int]:
        """Return the feeds that were asked for since then."""
        return {feed for feed, begin, _ in list(self.asked) if begin >= moment}

    def overlaps(self) -> list[tuple[int, float]]:
        """Return the polls that began before another of the same feed had ended."""
        polls = sorted(self.asked)
        return [(one[0], two[1]) for one, two in itertools.pairwise(polls) if one[0] == two[0] and two[1] < one[2]]

    def crowds(self) -> list[tuple[int, float]]:
        """Return the polls that came too soon after another of the same origin."""
        begun = defaultdict(list)
        for feed, begin, _ in self.asked:
            begun[feed % self.origins].append(begin)
        return [
            (origin, two - one)
            for origin, begins in begun.items()
            for one, two in itertools.pairwise(sorted(begins))
            if two - one < _SPACING - _SLACK
        ]

    def _host(self, feed: int) -> str:
        origin = feed % self.origins
        return f"127.8.{origin // 200}.{1 + origin % 200}"

    def _answer(self, feed: int) -> Answer:
        begin = time.monotonic()
        threading.Event().wait(0.05)  # as a server that works on it
        stories = [
            item(f"https://s{feed}.example/{n}", title=f"Feed {feed}, story {n}", guid=f"{feed}-{n}")
            for n in range(self.round + 1)
        ]
        self.asked.append((feed, begin, time.monotonic()))
        return Answer.feed(rss(*stories))


class Follower:
    """A consumer: whatever it sees follows what it saw."""

    def __init__(self, url: str) -> None:
        self._store = PostgresStore(url)
        self.seen: list[tuple[Seq, str]] = []

    def look(self) -> int:
        """Read on; return how many changes there were so far."""
        try:
            with self._store.read() as work:
                changes = work.log.after(self.seen[-1][0] if self.seen else Seq(0), limit=10_000)
        except StoreError:  # the server is stopped for a moment
            return len(self.seen)
        self.seen += [(change.seq, change.record.slug if change.record else "") for change in changes]
        return len(self.seen)


class Fleet:
    """Workers with one configuration."""

    def __init__(self, folder: Path, village: Village, url: str, interval: str) -> None:
        schedule = f'[schedule]\nmin = "{interval}"\ndefault = "{interval}"\nmax = "{interval}"\n'
        self._project = Project(folder, village.urls, schedule)
        self._environ = {**os.environ, **_PLAIN, "AGGREGATOR__STORE__URL": url}
        self.log = folder / "worker.log"

    def start(self) -> subprocess.Popen[bytes]:
        """Start one more."""
        with self.log.open("ab") as log:
            return Daemon(
                [*COMMAND, "worker", "-c", str(self._project.config)], stdout=log, stderr=log, env=self._environ
            )


def until(fact: Callable[[], bool], seconds: float, follower: Follower) -> float:
    """Wait for a fact while the consumer reads on; return how long it took."""
    begin = time.monotonic()
    while not fact():
        assert time.monotonic() - begin < seconds, "it never came true"
        follower.look()
        threading.Event().wait(0.1)
    return time.monotonic() - begin


def check(village: Village, follower: Follower, url: str) -> None:
    """Everything once, in order, and gently."""
    total = village.feeds * (village.round + 1)
    follower.look()
    assert [seq for seq, _ in follower.seen] == list(range(1, total + 1))
    assert len({slug for _, slug in follower.seen}) == total
    assert Place(url).rows("SELECT count(*), count(DISTINCT canonical_source) FROM records") == [(total, total)]
    assert Place(url).rows("SELECT count(*) FROM feeds WHERE claimed_until IS NOT NULL") == [(0,)]
    assert village.overlaps() == []
    assert village.crowds() == []


def finish(*workers: subprocess.Popen[bytes]) -> None:
    """Stop workers; each has to end well."""
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(60) for worker in workers] == [0] * len(workers)


def test_workers_share_the_feeds_and_hand_over_what_they_hold(tmp_path: Path, postgres: Server) -> None:
    """One is stopped, another takes over at once."""
    url = postgres.fresh()
    with serving() as site:
        village, follower = Village(site, feeds=40, origins=20), Follower(url)
        fleet = Fleet(tmp_path, village, url, "3s")
        with fleet.start() as first, fleet.start() as second:
            until(lambda: follower.look() == village.feeds, 30, follower)
            village.round = 1
            finish(first)
            stopped = time.monotonic()
            until(lambda: village.since(stopped) == set(range(village.feeds)), 30, follower)
            until(lambda: follower.look() == 2 * village.feeds, 30, follower)
            finish(second)
    check(village, follower, url)


@pytest.mark.soak
@pytest.mark.parametrize(("feeds", "origins", "interval"), [(300, 60, "10s"), (5000, 300, "60s")])
def test_a_fleet_survives_kills_freezes_and_restarts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], feeds: int, origins: int, interval: str
) -> None:
    """Three workers: one killed, one frozen and thawed; the database restarted. Killed work goes on within a minute."""
    # Long enough for every feed of an origin to be asked for, one after the other, thrice.
    seconds = 90 + 6 * feeds / origins
    with serving_database() as server, serving() as site:
        url = server.fresh()
        village, follower = Village(site, feeds=feeds, origins=origins), Follower(url)
        fleet = Fleet(tmp_path, village, url, interval)
        everybody = set(range(feeds))
        with fleet.start() as killed, fleet.start() as frozen, fleet.start() as steady:
            until(lambda: follower.look() == feeds, seconds, follower)
            village.round = 1
            killed.kill()
            frozen.send_signal(signal.SIGSTOP)
            stopped = time.monotonic()
            origins_since = partial(_origins_since, village, stopped)
            resumed = until(lambda: origins_since() == set(range(origins)), seconds, follower)
            until(lambda: village.since(stopped) == everybody, seconds, follower)
            frozen.send_signal(signal.SIGCONT)
            until(lambda: follower.look() == 2 * feeds, seconds, follower)
            village.round = 2
            server.restart()
            until(lambda: follower.look() == 3 * feeds, seconds, follower)
            finish(frozen, steady)
        check(village, follower, url)
    with capsys.disabled():
        print(f"\n{feeds} feeds: every origin asked again {resumed:.0f} s after a kill and a freeze")  # noqa: T201
    assert resumed < 60 + float(interval.removesuffix("s"))  # as long again until what was just polled is due
    log = fleet.log.read_text()
    assert "was not heard of" in log
    assert "poll failed by a bug" not in log


def _origins_since(village: Village, moment: float) -> set[int]:
    return {feed % village.origins for feed in village.since(moment)}
