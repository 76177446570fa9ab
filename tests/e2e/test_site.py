"""The site of real processes: beside polling, and alone."""

import json
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from tests.e2e.project import COMMAND, Daemon, Project
from tests.e2e.site import Answer, item, rss, serving

PATIENCE = 60  # seconds


def opened(log: Path, process: subprocess.Popen[bytes]) -> str:
    """Return where a process says that its site is."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        for line in log.read_text().splitlines():
            event = json.loads(line)
            if event["event"] == "the site is open":
                return str(event["address"])
        time.sleep(0.05)
    raise AssertionError(log.read_text())


def until(url: str, text: str) -> httpx.Response:
    """Ask until a page says something."""
    end = time.monotonic() + PATIENCE
    while text not in (got := httpx.get(url, trust_env=False)).text:
        assert time.monotonic() < end, got.text
        time.sleep(0.05)
    return got


def listening(project: Project, address: str) -> None:
    project.config.write_text(project.config.read_text().replace('listen = "off"', f'listen = "{address}"'))


def test_the_daemon_shows_what_it_polled_and_finds_it(tmp_path: Path) -> None:
    with serving() as site:
        site.answers["/feed"] = Answer.feed(rss(item("https://site.example/a", title="The ferry returns")))
        project = Project(tmp_path, [site.url("/feed")])
        listening(project, "127.0.0.1:0")
        with project.start() as daemon:
            address = opened(tmp_path / "daemon.log", daemon)
            until(address, "The ferry returns")
            until(f"{address}search?q=title:ferr*", "<mark>ferry</mark>")
            assert httpx.get(f"{address}news/the-ferry-returns.md", trust_env=False).text.startswith("---\nslug: ")
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(PATIENCE) == 0


def test_a_daemon_whose_address_is_taken_polls_all_the_same(tmp_path: Path) -> None:
    with serving() as site, socket.create_server(("127.0.0.1", 0)) as taken:
        site.answers["/feed"] = Answer.feed(rss(item("https://site.example/a")))
        project = Project(tmp_path, [site.url("/feed")])
        listening(project, f"127.0.0.1:{taken.getsockname()[1]}")
        with project.start() as daemon:
            end = time.monotonic() + PATIENCE
            while not any(line["event"] == "poll" for line in project.log()):
                assert time.monotonic() < end
                time.sleep(0.05)
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(PATIENCE) == 0
        assert [line["event"] for line in project.log() if line["level"] == "warning"] == ["there is no site"]


def test_the_site_alone_shows_and_indexes_what_another_process_polled(tmp_path: Path) -> None:
    with serving() as site:
        site.answers["/feed"] = Answer.feed(rss(item("https://site.example/a", title="The ferry returns")))
        project = Project(tmp_path, [site.url("/feed")])
        project.run("serve", status=78)
        listening(project, "127.0.0.1:0")
        project.run("serve", status=69)
        project.run("poll")
        log = tmp_path / "serve.log"
        with log.open("wb") as out:
            process = Daemon([*COMMAND, "serve", "-c", str(project.config)], stdout=out, stderr=out)
        with process:
            until(f"{opened(log, process)}search?q=ferry", "<mark>ferry</mark>")
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize(("words", "status", "found"), [("ferr* -tram", 0, 1), ("tram", 1, 0)])
def test_stories_are_found_from_the_command_line(tmp_path: Path, words: str, status: int, found: int) -> None:
    """What was just polled, too: the command brings the index up to date."""
    with serving() as site:
        site.answers["/feed"] = Answer.feed(rss(item("https://site.example/a", title="The ferry returns")))
        project = Project(tmp_path, [site.url("/feed")])
        project.run("poll")
        lines = project.run("search", words, status=status).stdout.splitlines()
        assert len(lines) == found + 1
        assert not found or lines[0].endswith("The ferry returns\thttps://wpnews.pro/news/the-ferry-returns")
        told = project.run("search", "--json", words, status=status).stdout.splitlines()
        assert [json.loads(line)["slug"] for line in told] == ["the-ferry-returns"] * found


def test_a_feed_that_is_added_over_the_api_is_polled_at_once_and_stays(tmp_path: Path) -> None:
    """And the configuration, which may be read-only, is as it was."""
    token = {"Authorization": "Bearer a-token-of-the-tests"}
    with serving() as site:
        site.answers["/feed"] = Answer.feed(rss(item("https://site.example/a", title="The ferry returns")))
        site.answers["/more"] = Answer.feed(rss(item("https://site.example/b", title="Bread rises")))
        project = Project(tmp_path, [site.url("/feed")])
        listening(project, '127.0.0.1:0"\ntoken = "a-token-of-the-tests')
        before = project.config.read_bytes()
        with project.start() as daemon:
            address = opened(tmp_path / "daemon.log", daemon)
            body = {"url": site.url("/more"), "name": "More"}
            with httpx.Client(base_url=address, headers=token, trust_env=False) as client:
                assert client.post("api/feeds", json=body).status_code == 201
                until(f"{address}api/records", "Bread rises")
                assert client.post("api/poll", json={"force": True}).json()["feeds"] == [1, 2]
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(PATIENCE) == 0
        assert project.config.read_bytes() == before
        listed = project.run("feeds", "list").stdout.splitlines()
        assert listed == [f"{site.url('/feed')}\t\t\t", f"{site.url('/more')}\tMore\t\t"]
