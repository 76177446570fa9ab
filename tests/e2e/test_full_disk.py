"""The daemon on a file system that has no room left."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.project import Project
from tests.e2e.site import Answer, Site, item, rss, serving
from tests.e2e.test_daemon import stop, until

FEEDS, STORIES = 20, 10
TINY = """
[schedule]
min = "1s"
default = "1s"
max = "1s"
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 24 MB, where that is allowed."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24M", "none", disk], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting is not allowed here; tests/poll/test_full.py covers it with max_page_count")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def publish(site: Site, words: int) -> None:
    """Give every feed some stories of so many words."""
    for feed in range(FEEDS):
        stories = (
            item(f"https://s{feed}.example/{n}", title=f"Feed {feed} story {n}", body=f"{feed} {n} words " * words)
            for n in range(STORIES)
        )
        site.answers[f"/{feed}"] = Answer.feed(rss(*stories))


def test_the_daemon_survives_a_full_disk_and_resumes_alone(tmp_path: Path, tiny: Path) -> None:
    """SQ-09: polling pauses, log, status and doctor say so, nothing is torn, and it goes on when there is room."""
    ballast = tiny / "ballast"
    ballast.write_bytes(b"x" * 22_000_000)
    with serving() as site:
        publish(site, 1500)
        urls = [site.url(f"/{feed}", f"127.8.0.{1 + feed}") for feed in range(FEEDS)]
        project = Project(tmp_path, urls, TINY)
        project.config.write_text(project.config.read_text().replace("sqlite:///store", f"sqlite:///{tiny}/store"))
        with project.start() as daemon:
            until(lambda: any(line["event"].startswith("the store cannot be written") for line in project.log()))
            assert "polling is paused" in project.run("status", status=1).stdout
            assert "problem: polling: polling is paused" in project.run("doctor", status=1).stdout
            asked = len(site.seen)
            assert asked <= 2 * FEEDS
            ballast.unlink()
            until(lambda: len(project.records()) == FEEDS * STORIES, 60)
            assert "polled by" in project.run("status").stdout
            assert stop(daemon) == 0
        events = [line["event"] for line in project.log()]
        assert "the store can be written again" in events
        assert not [line for line in project.log() if "exception" in line]
        found = project.run("doctor", "--json", status=1).stdout
        assert '"quick-check"' not in found
        assert '"sequence"' not in found
        assert '"orphans"' not in found
