"""Several workers on one PostgreSQL: killed, frozen, cut off; nothing lost, nothing twice, nobody asked too often."""

import itertools
import os
import signal
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
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
_PLAIN = {"AGGREGATOR__FETCH__PER_HOST": "1", "AGGREGATOR__FETCH__HOST_DELAY": f"{_SPACING:.0f}s"}


@dataclass(slots=True)
class Village:
    """Feeds on a few origins, which note who asks when."""

    site: Site
    feeds: int
    origins: int
    round: int = 0
    asked: list[tuple[int, float, float]] = field(default_factory=list)  # (feed, from, to), as they ended

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

    def left_by(self, names: set[str], before: float) -> set[int]:
        """Return the origins that these asked last, with a feed that was not asked for since ``before``."""
        asked = sorted(self.asked, key=lambda poll: poll[1])
        agents = self._agents()
        last = {feed % self.origins: agents[feed][-1] for feed, *_ in asked}
        polled = self.since(before)
        return {feed % self.origins for feed in range(self.feeds) if feed not in polled} & {
            origin for origin, agent in last.items() if agent in names
        }

    def _agents(self) -> dict[int, list[str]]:
        """Return who asked for each feed, in their order."""
        agents = defaultdict(list)
        for path, headers in list(self.site.seen):
            agents[int(path[1:])].append(headers["user-agent"])
        return agents

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
        self.seqs: list[Seq] = []
        self.slugs: list[str] = []  # of the records among them

    def look(self) -> int:
        """Read on; return how many records there were so far."""
        try:
            with self._store.read() as work:
                changes = work.log.after(self.seqs[-1] if self.seqs else Seq(0), limit=10_000)
        except StoreError:  # the server is stopped for a moment
            return len(self.slugs)
        self.seqs += [change.seq for change in changes]
        self.slugs += [change.record.slug for change in changes if change.record]
        return len(self.slugs)


class Fleet:
    """Workers with one configuration, which say their names to those whom they ask."""

    def __init__(self, folder: Path, village: Village, url: str, interval: str) -> None:
        schedule = f'[schedule]\nmin = "{interval}"\ndefault = "{interval}"\nmax = "{interval}"\n'
        self._project = Project(folder, village.urls, schedule + "[enrich]\nenabled = []\n")
        self._environ = {**os.environ, **_PLAIN, "AGGREGATOR__STORE__URL": url}
        self.log = folder / "worker.log"

    def reload(self) -> None:
        """Ask for the configuration to be taken up."""
        with closing(PostgresStore(self._environ["AGGREGATOR__STORE__URL"])) as store, store.work() as work:
            work.reloads.ask(datetime.now(UTC), force=False)

    def start(self, name: str, command: str = "worker") -> subprocess.Popen[bytes]:
        """Start one more."""
        environ = {**self._environ, "AGGREGATOR__FETCH__USER_AGENT": name}
        with self.log.open("ab") as log:
            return Daemon([*COMMAND, command, "-c", str(self._project.config)], stdout=log, stderr=log, env=environ)


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
    # A machine too busy to read a document in time makes lines about the health of its feed.
    assert follower.seqs == list(range(1, len(follower.seqs) + 1))
    assert len(follower.slugs) == len(set(follower.slugs)) == total
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
    """One is stopped, another takes over at once. A reload is for all of them, whether one has the outputs or not."""
    url = postgres.fresh()
    with serving() as site:
        village, follower = Village(site, feeds=40, origins=20), Follower(url)
        fleet = Fleet(tmp_path, village, url, "3s")
        with fleet.start("first", "run") as first, fleet.start("second") as second:
            until(lambda: follower.look() == village.feeds, 30, follower)
            fleet.reload()
            until(lambda: fleet.log.read_text().count("configuration taken up") == 2, 30, follower)
            village.round = 1
            finish(first)
            fleet.reload()
            until(lambda: fleet.log.read_text().count("configuration taken up") == 3, 30, follower)
            stopped = time.monotonic()
            until(lambda: village.since(stopped) == set(range(village.feeds)), 30, follower)
            until(lambda: follower.look() == 2 * village.feeds, 30, follower)
            finish(second)
    check(village, follower, url)


@pytest.mark.soak
@pytest.mark.parametrize(("feeds", "origins", "interval"), [(300, 60, 10), (5000, 300, 60)])
def test_a_fleet_survives_kills_freezes_and_restarts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], feeds: int, origins: int, interval: int
) -> None:
    """Three workers: one killed, one frozen and thawed; the database restarted. Killed work goes on within a minute."""
    # Bounds of what comes true: a round of all feeds by one process, on a machine that has others to serve.
    seconds = 120 + feeds / 20
    begin = time.monotonic()
    with serving_database() as server, serving() as site:
        url = server.fresh()
        village, follower = Village(site, feeds=feeds, origins=origins), Follower(url)
        fleet = Fleet(tmp_path, village, url, f"{interval}s")
        with fleet.start("killed") as killed, fleet.start("frozen") as frozen, fleet.start("steady") as steady:
            until(lambda: follower.look() >= feeds, seconds, follower)
            village.round = 1
            fallen = {"killed", "frozen"}
            until(lambda: all(village.left_by({name}, time.monotonic() - interval) for name in fallen), 120, follower)
            killed.kill()
            frozen.send_signal(signal.SIGSTOP)
            stopped = time.monotonic()
            left = village.left_by(fallen, stopped - interval)
            resumed = until(partial(_are_asked, village, left, stopped), 60, follower)
            everybody = set(range(feeds))
            until(lambda: village.since(stopped) == everybody, seconds, follower)
            frozen.send_signal(signal.SIGCONT)
            until(lambda: follower.look() >= 2 * feeds, seconds, follower)
            village.round = 2
            server.restart()
            until(lambda: follower.look() >= 3 * feeds, seconds, follower)
            finish(frozen, steady)
        check(village, follower, url)
    with capsys.disabled():
        took = time.monotonic() - begin
        print(f"\n{feeds} feeds, {len(village.asked)} polls, {took:.0f} s.", end=" ")  # noqa: T201
        print(f"{len(left)} origins were left alone for up to {resumed:.0f} s by a kill and a freeze")  # noqa: T201
    log = fleet.log.read_text()
    assert "was not heard of" in log
    assert "taken over" in log
    assert "poll failed by a bug" not in log


def _are_asked(village: Village, origins: set[int], since: float) -> bool:
    return origins <= {feed % village.origins for feed in village.since(since)}
