"""Many read while one polls."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.project import Project
from tests.e2e.site import Answer, Site, item, rss, serving
from tests.e2e.test_daemon import stop, until

KINDS = ("api", "api", "export", "export", "datasette", "datasette", "datasette", "consumer")
FEEDS = 20
FAST = """
[schedule]
min = "1s"
default = "1s"
max = "1s"
"""


def publish(site: Site, feed: int) -> None:
    """Let a feed have a new story each time it is asked."""
    numbers = itertools.count()

    def answer() -> Answer:
        newest = next(numbers)
        stories = (
            item(f"https://s{feed}.example/{n}", title=f"Feed {feed} story {n}", body=f"Of {n}. " * 50, guid=str(n))
            for n in range(newest, max(-1, newest - 15), -1)
        )
        return Answer.feed(rss(*stories))

    site.answers[f"/{feed}"] = answer


def read_while_polling(folder: Path, seconds: float) -> None:
    """Run eight readers beside a daemon; not one of them may meet an error, nor may the daemon."""
    with serving() as site:
        for feed in range(FEEDS):
            publish(site, feed)
        urls = [site.url(f"/{feed}", f"127.7.0.{1 + feed}") for feed in range(FEEDS)]
        project = Project(folder, urls, FAST)
        with project.start() as daemon:
            until(lambda: (folder / "daemon.log").read_text().count('"event": "poll"') >= FEEDS, 60)
            readers = [
                subprocess.Popen(
                    [sys.executable, "-m", "tests.e2e.reading", kind, str(folder / "store.sqlite"), str(seconds)],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                for kind in KINDS
            ]
            ends = [reader.communicate(timeout=seconds + 120) for reader in readers]
            assert [error for _, error in ends if error] == []
            assert all(int(rounds) > 1 for rounds, _ in ends)
            assert stop(daemon) == 0
        log = (folder / "daemon.log").read_text()
        assert "locked" not in log
        assert not {line["event"] for line in project.log()} & {"job failed", "poll not written", "poll taken over"}
        assert "0 problems" in project.run("doctor").stdout


def test_eight_processes_read_while_one_polls(tmp_path: Path) -> None:
    """SQ-30, SQ-08: a short run of the soak below."""
    read_while_polling(tmp_path, 5)


@pytest.mark.soak
def test_eight_processes_read_for_ten_minutes_while_one_polls(tmp_path: Path) -> None:
    """SQ-30, SQ-08: no "database is locked" reaches anyone."""
    read_while_polling(tmp_path, 600)
