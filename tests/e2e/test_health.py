"""A real daemon, as a service manager and a container see it."""

import signal
import socket
from pathlib import Path

import httpx

from tests.e2e.project import Project
from tests.e2e.site import Answer, item, rss, serving
from tests.e2e.test_reload import rewritten
from tests.e2e.test_site import PATIENCE, listening, opened


def test_the_service_manager_is_told_of_the_start_each_round_and_the_end(tmp_path: Path) -> None:
    """sd_notify(3): Type=notify, and a watchdog."""
    with serving() as site, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        site.answers["/feed"] = Answer.feed(rss(item("https://site.example/a")))
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(PATIENCE)
        project = Project(tmp_path, [site.url("/feed")])
        with project.start({"NOTIFY_SOCKET": str(tmp_path / "notify")}) as daemon:
            assert manager.recv(100) == b"READY=1"
            assert manager.recv(100) == b"WATCHDOG=1"
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(PATIENCE) == 0
        told = {manager.recv(100)}
        while b"STOPPING=1" not in told:
            told.add(manager.recv(100))
        assert told <= {b"WATCHDOG=1", b"STOPPING=1"}


def test_a_healthcheck_asks_the_daemon_or_says_what_is_wrong(tmp_path: Path) -> None:
    with serving() as site, socket.create_server(("127.0.0.1", 0)) as free:
        site.answers["/feed"] = Answer.feed(rss(item("https://site.example/a")))
        project = Project(tmp_path, [site.url("/feed")])
        assert "there is no store" in project.run("healthcheck", status=69).stderr
        port = free.getsockname()[1]
        free.close()
        listening(project, f"127.0.0.1:{port}")
        assert "Is the daemon running?" in project.run("healthcheck", status=69).stderr
        with project.start() as daemon:
            address = opened(tmp_path / "daemon.log", daemon)
            rewritten(project, (f"127.0.0.1:{port}", "127.0.0.1:1"), ("timeout", "timeuot"))
            assert project.run("healthcheck").stdout == "ok\n"  # the daemon goes on where it was
            assert 'aggregator_polls_total{result="ok"}' in until_polled(address)
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(PATIENCE) == 0


def until_polled(address: str) -> str:
    """Read the figures until there was a poll."""
    text = ""
    while "aggregator_polls_total{" not in text:
        text = httpx.get(f"{address}metrics", trust_env=False, timeout=PATIENCE).text
    return text


def test_a_daemon_without_a_site_is_asked_for_in_the_store(tmp_path: Path) -> None:
    project = Project(tmp_path, [])
    with project.start() as daemon:
        while daemon.poll() is None and "started" not in (tmp_path / "daemon.log").read_text():
            pass
        assert project.run("healthcheck").stdout == "ok\n"
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(PATIENCE) == 0
