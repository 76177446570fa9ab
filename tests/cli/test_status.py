"""What ``aggregator status`` says of feeds that do well and of others."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from aggregator.daemon import clock
from aggregator.model import Rhythm
from aggregator.store.commit import commit
from aggregator.store.contract import Store
from tests.e2e.project import Project
from tests.store.factory import a_digest, a_draft, a_store, an_outcome, claim, poll

DAY = timedelta(days=1)
NAMES = ("well", "late", "silent", "broken", "gone")
URLS = [f"https://user:secret@{name}.example/feed" for name in NAMES]


def a_project(folder: Path) -> Project:
    """Return a project with a feed of each kind, as of now."""
    now = clock()
    states: dict[str, dict[str, Any]] = {
        "well": {"next_poll_at": now + DAY, "rhythm": Rhythm(gap=DAY, newest_at=now - DAY)},
        "late": {"next_poll_at": now - DAY, "last_poll_at": now - 1.5 * DAY},
        "silent": {"next_poll_at": now + DAY, "rhythm": Rhythm(gap=DAY, newest_at=now - 90 * DAY)},
        "broken": {"next_poll_at": now + DAY, "state": "failing", "reason": "HTTP 500", "failures": 3.0},
        "gone": {"state": "gone", "reason": "HTTP 410"},
    }
    with a_store(folder, *URLS) as store:
        for url, name in zip(URLS, NAMES, strict=True):
            polled(store, url, name, states[name])
    return Project(folder, URLS)


def polled(store: Store, url: str, name: str, fields: dict[str, Any]) -> None:
    """Poll a feed; a story that was published ten minutes before is found."""
    now = clock()
    poll(store, url, a_digest(a_draft(f"{name}.example/0")), now - DAY)
    with store.work() as work:
        work.feeds.ask([url], now, recent=now)
        feed = next(feed for feed in claim(work, now) if feed.url == url)
        story = replace(a_draft(f"{name}.example/1"), published_at=now - timedelta(minutes=10))
        outcome = an_outcome(feed, a_digest(story), now)
        commit(work, replace(outcome, feed=replace(outcome.feed, **fields)))
        work.feeds.release_claims()


def lines(text: str) -> list[list[str]]:
    """Return the words of the lines about feeds."""
    return [line.split() for line in text.splitlines() if line.startswith("https:")]


def test_the_first_line_is_the_answer_and_what_needs_a_look_comes_first(tmp_path: Path) -> None:
    shown = a_project(tmp_path).run("status", status=1).stdout
    assert shown.splitlines()[0] == "3 of 5 feeds need a look (1 behind, 1 dead, 1 failing, 1 gone, 1 ok)"
    assert [(line[0], line[1]) for line in lines(shown)] == [
        (f"https://***@{name}.example/feed", verdict)
        for name, verdict in [
            ("late", "behind"),
            ("silent", "dead"),
            ("broken", "failing"),
            ("gone", "gone"),
            ("well", "ok"),
        ]
    ]
    assert lines(shown)[-1][2:] == ["24h", "24h", "10m", *lines(shown)[-1][5:7], "2"]
    assert shown.splitlines()[-1] == "10 records; nobody polls"


def test_the_feeds_that_are_asked_for_decide_the_exit_status(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    assert len(lines(project.run("status", "--only", "ok, gone").stdout)) == 2
    assert len(lines(project.run("status", "--only", "behind,dead,failing", status=1).stdout)) == 3
    assert lines(project.run("status", "--only", "new").stdout) == []
    assert 'did you mean "failing"?' in project.run("status", "--only", "failed", status=64).stderr


def test_programs_read_the_same_as_one_document(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    told = json.loads(project.run("status", "--json", status=1).stdout)
    assert not told["well"]
    assert told["summary"].startswith("3 of 5 feeds")
    assert {feed["verdict"] for feed in told["feeds"]} == {"ok", "behind", "dead", "failing", "gone"}
    (well,) = json.loads(project.run("status", "--json", "--only", "ok").stdout)["feeds"]
    assert (well["publishes_every"], well["url"]) == (86400.0, "https://***@well.example/feed")
    assert well["delay"] == 600.0


def test_without_feeds_it_says_what_to_do(tmp_path: Path) -> None:
    with a_store(tmp_path):
        pass
    assert "aggregator feeds add URL" in Project(tmp_path, []).run("status").stdout
