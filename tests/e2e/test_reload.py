"""A running daemon takes up a changed configuration, whole or not at all."""

import json
import signal
import sqlite3
import threading
from pathlib import Path
from typing import Any

from tests.e2e.project import Project
from tests.e2e.site import Answer, item, rss, serving
from tests.e2e.test_daemon import FAST, lines, stop, until


def rewritten(project: Project, *changes: tuple[str, str]) -> None:
    text = project.config.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    project.config.write_text(text)


def row(project: Project, sql: str) -> Any:
    with sqlite3.connect(project.folder / "store.sqlite") as connection:
        found = connection.execute(sql).fetchone()
    connection.close()
    return found


def test_a_moved_feed_keeps_its_state_and_a_poll_under_way_is_finished(tmp_path: Path) -> None:
    """New feeds and outputs are there at once, and nothing that was emitted is emitted again."""
    release = threading.Event()

    def slow() -> Answer:
        release.wait(60)
        return Answer.feed(rss(item("https://slow.example/1", title="Slow")))

    with serving() as site:
        site.answers |= {
            "/a": Answer.feed(rss(item("https://x.example/1", title="Story 1")), ETag='"v1"'),
            "/moved": Answer.feed(rss(*(item(f"https://x.example/{n}", title=f"Story {n}") for n in (1, 2)))),
            "/new": Answer.feed(rss(item("https://y.example/1", title="Third"))),
            "/slow": slow,
        }
        project = Project(tmp_path, [site.url("/a"), site.url("/slow", "127.0.0.2")], FAST)
        named = (f'"{site.url("/a")}"', f'"{site.url("/a")}"\nname = "A"')
        rewritten(project, named, ('timeout = "10s"', 'timeout = "60s"'))
        with project.start() as daemon:
            until(lambda: len(lines(project)) == 1 and len(site.seen) >= 2)
            before = row(project, "SELECT id FROM feeds WHERE name='A'")
            rewritten(project, (site.url("/a"), site.url("/moved")))
            with project.config.open("a") as config:
                config.write(
                    "[enrich]\nstories = true\n"
                    f'[[feeds]]\nurl = "{site.url("/new")}"\n[[export]]\nname = "third"\npath = "out/3.jsonl"\n'
                )
            shown = project.run("plan").stdout
            assert f"{site.url('/a')} (A) -> {site.url('/moved')}  moves (the same name)" in shown
            assert "1 to add, 0 to change, 1 to move, 0 to remove; 3 feeds then" in shown
            assert "~ enrich.stories: false -> true  (waits for a restart)" in shown
            taken = project.run("reload").stdout
            assert "taken up: 3 feeds: 1 added, 1 moved; settings: export.third: not set -> {" in taken
            assert "a restart is needed for [enrich] stories" in taken
            release.set()
            until(lambda: len(lines(project)) == 4)
            until(lambda: len((tmp_path / "out/3.jsonl").read_text().splitlines()) == 4)
            assert row(project, "SELECT id FROM feeds WHERE name='A'") == before
            sql = "SELECT count(*) FROM polls WHERE result NOT IN ('ok', 'unchanged')"
            assert row(project, sql) == (0,)
            assert "\n1 setting to change; 3 feeds\n" in project.run("plan").stdout
            assert stop(daemon) == 0
    assert sorted(line["title"] for line in lines(project)) == ["Slow", "Story 1", "Story 2", "Third"]
    assert not [event for event in project.log() if event["event"] in {"poll failed by a bug", "job failed"}]


def test_a_wrong_configuration_changes_nothing_and_says_so(tmp_path: Path) -> None:
    """By the command, by SIGHUP, in the log and in the status; the daemon polls on."""
    with serving() as site:
        site.answers |= {f"/{name}": Answer.feed(rss()) for name in "abc"}
        project = Project(tmp_path, [site.url(f"/{name}") for name in "abc"], FAST)
        right = project.config.read_text()
        with project.start() as daemon:
            until(lambda: len(site.seen) >= 3)
            rewritten(project, ("timeout", "timeuot"))
            refused = project.run("reload", status=1).stderr
            assert 'did you mean "timeout"?' in refused
            assert "the daemon goes on as before" in refused
            assert refused.count("timeuot") == 2  # in the one message, and in the line that it is about
            project.config.write_text(right)
            for name in "ab":
                rewritten(project, (f'[[feeds]]\nurl = "{site.url(f"/{name}")}"\n', ""))
            daemon.send_signal(signal.SIGHUP)
            until(lambda: "2 of 3 feeds" in row(project, "SELECT message FROM reloads ORDER BY id DESC")[0])
            assert "configuration REFUSED" in project.run("status", status=1).stdout
            assert row(project, "SELECT count(*) FROM feeds WHERE active") == (3,)
            rewritten(project, ('listen = "off"', 'listen = "127.0.0.1:0"'))
            forced = project.run("reload", "--force").stdout
            assert forced == "taken up: 1 feed: 2 removed; a restart is needed for [web] listen\n"
            polls = len(site.seen)
            until(lambda: len(site.seen) > polls)
            assert stop(daemon) == 0
    assert [event["event"] for event in project.log() if "reload" in event["event"]] == ["reload refused"] * 2
    assert "no daemon is running" in project.run("reload", status=69).stderr


def test_feeds_of_the_api_stand_apart_in_a_plan(tmp_path: Path) -> None:
    project = Project(tmp_path, ["http://a.example/"])
    (tmp_path / "store.sqlite.feeds.toml").write_text('[[feeds]]\nurl = "http://b.example/"\n')
    assert "added over the API, and staying: 1 feed, in " in project.run("plan").stdout
    told = json.loads(project.run("plan", "--format", "json", "--exit-code", status=1).stdout)
    assert [feed["url"] for feed in told["added"]] == ["http://a.example/", "http://b.example/"]
    assert told["over_api"] == ["http://b.example/"]
