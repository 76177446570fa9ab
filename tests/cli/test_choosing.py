"""Feeds are named by URL, by name, or several by a tag; what became of a request to poll is said."""

from pathlib import Path

from aggregator.daemon import clock
from aggregator.model import FeedConfig
from tests.e2e.project import Project
from tests.store.factory import a_digest, a_draft, a_store, poll

ONE, TWO, THREE = (f"https://{name}.example/feed" for name in ("one", "two", "three"))
MORE = f"""
[[feeds]]
url = "{ONE}"
name = "The One"
tags = ["news"]
[[feeds]]
url = "{TWO}"
tags = ["News", "far"]
[[feeds]]
url = "{THREE}"
name = "paused"
enabled = false
"""


def a_project(folder: Path) -> Project:
    """Return a project whose first feed has just been polled."""
    now = clock()
    with a_store(folder, ONE, TWO) as store:
        with store.work() as work:
            work.feeds.sync([FeedConfig(url=ONE, name="The One"), FeedConfig(url=TWO)], now)
        poll(store, ONE, a_digest(a_draft("one.example/0")), now)
    return Project(folder, [], MORE)


def test_a_refresh_says_of_each_feed_what_became_of_it(tmp_path: Path) -> None:
    """And its exit status says whether any is asked for."""
    project = a_project(tmp_path)
    told = project.run("feeds", "refresh", "the one", status=1).stdout
    assert told.startswith(f"skipped {ONE}: polled at ")
    assert told.endswith(" UTC; --force polls it again\n")
    later = "; no daemon is running: it is polled when one starts"
    assert project.run("feeds", "refresh", "NEWS").stdout.splitlines() == [told.strip(), f"asked for {TWO}{later}"]
    assert project.run("feeds", "refresh", "The One", TWO, "--force").stdout.count("asked for") == 2
    assert f"skipped {THREE}: it is paused" in project.run("feeds", "refresh", "paused", status=1).stdout


def test_what_names_no_feed_or_too_many_is_wrong_usage(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    assert 'did you mean "The One"?' in project.run("feeds", "refresh", "The Ona", status=64).stderr
    assert f"names 2 feeds: {ONE}, {TWO}" in project.run("feeds", "explain", "news", status=64).stderr
    assert ONE in project.run("feeds", "explain", "the one").stdout
    project.run("feeds", "pause", "far")
    assert "paused" in project.run("feeds", "list").stdout.splitlines()[1]
