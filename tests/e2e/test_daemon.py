"""``aggregator run`` as a service: started, stopped, killed, refused."""

import gzip
import json
import random
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.project import Project
from tests.e2e.site import Answer, Site, item, rss, serving

FAST = """
[schedule]
min = "1s"
default = "1s"
max = "1s"
[[export]]
name = "plain"
path = "out/records.jsonl"
[[export]]
name = "packed"
path = "out/%Y/records.jsonl.gz"
"""


def until(fact: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for a fact, looking often."""
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "it never came true"
        threading.Event().wait(0.02)


def lines(project: Project) -> list[dict[str, Any]]:
    """Return the lines of the plain export."""
    path = project.folder / "out/records.jsonl"
    return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def packed_lines(project: Project) -> list[dict[str, Any]]:
    """Return the lines of the compressed export, whatever year it is."""
    (path,) = project.folder.glob("out/*/records.jsonl.gz")
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def logged(project: Project) -> list[tuple[str, str]]:
    """Return (slug, time) of every change in the store, in the order of the log."""
    with sqlite3.connect(project.folder / "store.sqlite") as connection:
        sql = "SELECT r.slug, c.at FROM changes c JOIN records r ON r.id = c.record_id ORDER BY c.seq"
        rows = connection.execute(sql).fetchall()
    connection.close()
    return [(slug, at) for slug, at in rows]


def stop(daemon: subprocess.Popen[bytes]) -> int:
    """Ask the daemon to stop; return its exit status."""
    daemon.send_signal(signal.SIGTERM)
    return daemon.wait(60)


def test_the_daemon_polls_exports_drains_and_is_alone(tmp_path: Path) -> None:
    """SC-31; SIGTERM finishes what is under way and exits 0; logs are JSON, one line a poll."""
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(item("https://x.example/1", title="One\u2028line")))
        project = Project(tmp_path, [site.url("/a")], FAST)
        with project.start() as daemon:
            until(lambda: len(lines(project)) == 1)
            refused = project.run("poll", status=75)
            assert f"process {daemon.pid}" in refused.stderr
            assert "1 feed (" in project.run("status").stdout
            site.answers["/a"] = Answer.feed(rss(item("https://x.example/2", title="Two")))
            project.run("feeds", "refresh", site.url("/a"), "--force")
            until(lambda: len(lines(project)) == 2)
            assert stop(daemon) == 0
        assert all(list(line)[:3] == ["timestamp", "level", "event"] for line in project.log())
    assert packed_lines(project) == lines(project)
    events = project.log()
    polls = [event for event in events if event["event"] == "poll"]
    assert {event["result"] for event in polls} <= {"ok", "unchanged"}
    milestones = [event["event"] for event in events if event["event"] not in {"poll", "gap"}]
    assert milestones == ["started", "stopping", "stopped"]
    assert events[-1]["event"] == "stopped"


def test_a_second_signal_exits_at_once(tmp_path: Path) -> None:
    """Even while a server keeps the daemon waiting."""
    release = threading.Event()

    def slow() -> Answer:
        release.wait(30)
        return Answer(body=b"")

    with serving() as site:
        site.answers["/slow"] = slow
        project = Project(tmp_path, [site.url("/slow")], FAST)
        with project.start() as daemon:
            until(lambda: len(site.seen) == 1)
            daemon.send_signal(signal.SIGTERM)
            until(lambda: "stopping" in (tmp_path / "daemon.log").read_text())
            started = time.monotonic()
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(15) == 128 + signal.SIGTERM
            assert time.monotonic() - started < 10  # the answer takes thirty
        release.set()


def publish(site: Site, feeds: int, round_: int) -> None:
    """Give every feed one story more than in the round before, and edit its first."""
    for feed in range(feeds):
        stories = [
            item(f"https://s{feed}.example/{n}", title=f"Feed {feed} story {n}", guid=f"{feed}-{n}")
            for n in range(1, round_ + 1)
        ]
        edited = item(f"https://s{feed}.example/0", title=f"Feed {feed}", body=f"Edit {round_}.", guid=f"{feed}-0")
        site.answers[f"/{feed}"] = Answer.feed(rss(*stories[::-1], edited))


def survive(folder: Path, *, feeds: int, kills: int, seed: int) -> None:
    """Kill the daemon at random moments while feeds change; then let it finish, and compare file with log."""
    chance = random.Random(seed)
    with serving() as site:
        publish(site, feeds, 0)
        urls = [site.url(f"/{feed}", f"127.9.{feed // 200}.{1 + feed % 200}") for feed in range(feeds)]
        project = Project(folder, urls, FAST)
        for round_ in range(1, kills + 1):
            with project.start() as daemon:
                before = len(site.seen)
                until(lambda before=before: len(site.seen) > before)  # type: ignore[misc]
                publish(site, feeds, round_)
                threading.Event().wait(chance.uniform(0, 2.5))
                daemon.kill()
        with project.start() as daemon:
            newest = {f"https://s{feed}.example/{kills}" for feed in range(feeds)}
            until(lambda: newest <= {line["canonical_source"] for line in lines(project)}, 120)
            before = len(site.seen)
            until(lambda: len(site.seen) >= before + 2 * feeds)  # everybody again, so that the last edits are in
            assert stop(daemon) == 0
    check_files(project, feeds, kills)


def check_files(project: Project, feeds: int, rounds: int) -> None:
    """Both files hold every change once, in order, and every story that was ever published."""
    written = [(line["slug"], line["updated_at"]) for line in lines(project)]
    assert written == [(slug, at.replace(".000000+", "+")) for slug, at in logged(project)]
    assert len(set(written)) == len(written)
    assert packed_lines(project) == lines(project)
    stories = {line["canonical_source"] for line in lines(project)}
    assert len(stories) == feeds * (rounds + 1) == len(project.records())
    assert {line["canonical_source"] for line in project.records()} == stories
    last = {line["canonical_source"]: line["body_md"] for line in lines(project)}
    assert {last[f"https://s{feed}.example/0"] for feed in range(feeds)} == {f"Edit {rounds}."}


def test_a_killed_daemon_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    """OI-06, DD-13, SQ-02: a short run of the soak below."""
    survive(tmp_path, feeds=30, kills=3, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1])
def test_a_daemon_killed_twenty_times_loses_nothing_and_repeats_nothing(tmp_path: Path, seed: int) -> None:
    """OI-06, DD-13, SQ-02: 200 feeds that keep changing, twenty random moments."""
    survive(tmp_path, feeds=200, kills=20, seed=seed)
