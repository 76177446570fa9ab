"""``aggregator feeds add``, at a site that names feeds in one way or another."""

import os
import pty
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.project import COMMAND, Project
from tests.e2e.site import Answer, Site, item, rss, serving

FEED = Answer.feed(rss(item("https://x.example/1")))


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path, [])


def configured(project: Project, site: Site) -> list[str]:
    """Return the paths of the site that are configured, with what else is said of them."""
    return [line.removeprefix(site.url("")).strip() for line in project.run("feeds", "list").stdout.splitlines()]


def page(*paths: str) -> Answer:
    """Return a page that declares feeds."""
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{path}" title="T\x1b[2J">' for path in paths
    )
    return Answer(body=f"<!doctype html><html>{links}</html>".encode(), headers={"Content-Type": "text/html"})


def test_a_feed_is_added_once_it_was_read(site: Site, project: Project) -> None:
    """HT-19: however it is written."""
    site.answers["/f"] = FEED
    project.run("feeds", "add", site.url("/f").replace("http:", "feed:"), "--name", "F", "--tag", "t")
    assert configured(project, site) == ["/f\tF\tt"]
    assert len(site.seen) == 1
    assert "is configured here already" in project.run("feeds", "add", site.url("/f"), status=1).stderr


def test_the_feed_of_a_page_is_added(site: Site, project: Project) -> None:
    """SS-15: over the fetcher of polling, its User-Agent and its guard."""
    site.answers |= {"/": page("/f"), "/f": FEED}
    assert f"added {site.url('/f')}" in project.run("feeds", "add", site.url("/")).stdout
    assert configured(project, site) == ["/f"]
    assert {headers["user-agent"].split("/")[0] for _, headers in site.seen} == {"aggregator"}


def test_several_feeds_are_listed_and_none_is_added(site: Site, project: Project) -> None:
    """OI-12: what the page calls them is shown and not obeyed."""
    site.answers["/"] = page("/comments/feed", "/a", "/b")
    done = project.run("feeds", "add", site.url("/"), status=1)
    lines = done.stderr.splitlines()
    assert [line.split()[1].removeprefix(site.url("")) for line in lines[1:4]] == ["/a", "/b", "/comments/feed"]
    assert "--all" in lines[-1]
    assert "\x1b" not in done.stderr
    assert configured(project, site) == []
    assert len(site.seen) == 1


def test_all_of_several_feeds_are_added_on_demand(site: Site, project: Project) -> None:
    site.answers["/"] = page("/a", "/b")
    project.run("feeds", "add", site.url("/"), "--all", "--tag", "t")
    assert configured(project, site) == ["/a\t\tt", "/b\t\tt"]
    project.run("feeds", "add", site.url("/"), "--all", "--name", "N", status=64)


def test_a_person_is_asked_which(site: Site, project: Project) -> None:
    site.answers["/"] = page("/a", "/b")
    ours, theirs = pty.openpty()
    words = [*COMMAND, "feeds", "add", site.url("/"), "-c", str(project.config)]
    with subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        while b"Which one?" not in said:
            said += os.read(ours, 1024)
        os.write(ours, b"2\n")
        assert process.wait(60) == 0
    os.close(ours)
    assert configured(project, site) == ["/b"]


def test_what_is_no_feed_is_refused_with_its_reason(site: Site, project: Project) -> None:
    """ST-30: a login page says so."""
    site.answers["/"] = Answer(
        body=b"<!doctype html><html><input type=password>", headers={"Content-Type": "text/html"}
    )
    assert "login page" in project.run("feeds", "add", site.url("/"), status=1).stderr
    assert "404" in project.run("feeds", "add", site.url("/nothing"), status=1).stderr
    assert configured(project, site) == []
    project.run("feeds", "add", "javascript:alert(1)", status=1)


def test_nothing_is_asked_with_no_check(site: Site, project: Project) -> None:
    project.run("feeds", "add", site.url("/x"), "--no-check")
    assert configured(project, site) == ["/x"]
    assert site.seen == []


def test_a_network_that_does_not_answer_is_no_verdict(tmp_path: Path) -> None:
    """The feed is added, with a warning: the daemon goes on trying."""
    project = Project(tmp_path, [])
    done = project.run("feeds", "add", "http://no-such-host.invalid/feed")
    assert "warning" in done.stderr
    assert project.run("feeds", "list").stdout.startswith("http://no-such-host.invalid/feed")


def test_a_private_address_is_refused(site: Site, project: Project) -> None:
    """SS-01, SS-15."""
    project.config.write_text(project.config.read_text().replace('"127.0.0.0/8"', ""))
    assert "allow_networks" in project.run("feeds", "add", site.url("/"), status=1).stderr
    assert site.seen == []


def test_one_host_is_not_hurried(site: Site, project: Project) -> None:
    """HX-21: the pause between two requests holds for looking around, too."""
    project.config.write_text(project.config.read_text().replace('host_delay = "0s"', 'host_delay = "700ms"'))
    site.answers |= {"/": page("/f"), "/f": FEED}
    started = time.monotonic()
    project.run("feeds", "add", site.url("/"))
    assert time.monotonic() - started > 0.7
