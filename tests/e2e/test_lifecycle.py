"""Feeds that change, break, move and come back; what a person and a program can see of it."""

import sqlite3
from pathlib import Path
from typing import Any

import orjson

from tests.e2e.project import Project
from tests.e2e.site import Answer, item, rss, serving


def changes(project: Project) -> list[tuple[str, Any]]:
    """Return (kind, detail) of every change in the store."""
    with sqlite3.connect(project.folder / "store.sqlite") as connection:
        rows = connection.execute("SELECT kind, detail FROM changes ORDER BY seq").fetchall()
    connection.close()
    return [(kind, detail and orjson.loads(detail)) for kind, detail in rows]


def stories(*numbers: int) -> str:
    """Return a feed of these stories."""
    return rss(*(item(f"https://x.example/{n}", title=f"Story {n}", guid=str(n)) for n in numbers))


def test_the_rule_that_decided_is_explained_with_its_numbers(tmp_path: Path) -> None:
    """SC-06, SC-15: as computed from the store."""
    with serving() as site:
        headers = {"ETag": '"1"', "Cache-Control": "max-age=43200", "Age": "3600"}
        text = stories(1).replace("</description><item>", "</description><ttl>180</ttl><item>")
        site.answers["/a"] = Answer.feed(text, **headers)
        site.answers["/gone"] = Answer(body=b"", status=410)
        url, gone = site.url("/a"), site.url("/gone")
        project = Project(tmp_path, [url, gone])
        project.run("poll", status=1)
        shown = project.run("feeds", "explain", url).stdout
        trouble = project.run("feeds", "explain", gone).stdout
    assert "decided by max-age" in shown
    assert "-> max-age" in shown
    waits = dict(line.removeprefix("->").split()[:2] for line in shown.splitlines()[1:])
    assert [waits[rule] for rule in ("max-age", "min", "max", "ttl")] == ["11h", "1h", "1d", "3h"]
    assert "next poll" in project.run("status", status=1).stdout
    assert "decided by going" in trouble
    assert "HTTP 410" in trouble
    assert "1 failure" in trouble
    assert "did you mean" in project.run("feeds", "explain", url + "x", status=64).stderr


def test_a_gap_is_written_down_and_disturbs_no_export(tmp_path: Path) -> None:
    """SC-33: nothing of the last document is left."""
    with serving() as site:
        site.answers["/a"] = Answer.feed(stories(1, 2, 3))
        project = Project(tmp_path, [site.url("/a")])
        project.run("poll")
        site.answers["/a"] = Answer.feed(stories(3, 4, 5))
        project.run("poll", "--force")
        assert [kind for kind, _ in changes(project)] == ["new"] * 5
        site.answers["/a"] = Answer.feed(stories(8, 9))
        project.run("poll", "--force")
    kind, detail = changes(project)[-1]
    assert kind == "gap"
    assert (detail["feed"], detail["estimate"]) == (site.url("/a"), None)
    assert len(project.records("--consumer", "c")) == 7


def test_a_feed_that_breaks_and_recovers_says_so_once_each(tmp_path: Path) -> None:
    """ST-38: state, reason and the next try are visible; ST-32: an empty feed is a feed."""
    with serving() as site:
        site.answers["/a"] = Answer.feed(stories(1))
        project = Project(tmp_path, [site.url("/a")])
        project.run("poll")
        site.answers["/a"] = Answer(body=b"", status=500)
        project.run("poll", "--force", status=1)
        project.run("poll", "--force", status=1)
        assert "failing" in project.run("status", status=1).stdout
        site.answers["/a"] = Answer.feed(rss())
        project.run("poll", "--force")
    told = [(detail["from"], detail["to"]) for kind, detail in changes(project) if kind == "health"]
    assert told == [("ok", "failing"), ("failing", "ok")]
    assert len(project.records()) == 1


def test_the_audit_adds_up_what_an_origin_was_asked(tmp_path: Path) -> None:
    """Requests, 304s and what they saved; a person who asks twice violates nothing (SC-05)."""
    with serving() as site:

        def revalidated() -> Answer:
            known = site.seen[-1][1].get("if-none-match") == '"1"'
            return Answer(body=b"", status=304) if known else Answer.feed(stories(1), ETag='"1"')

        site.answers["/a"] = revalidated
        project = Project(tmp_path, [site.url("/a")])
        for _ in range(4):
            project.run("poll", "--force")
        audited = project.run("audit").stdout.splitlines()
    size = len(stories(1))
    assert audited[1].split() == [f"127.0.0.1:{site.port}", "4", "3", "75%", f"{size}", f"{3 * size}", "0", "0"]
    assert audited[-1] == "1 origin, 4 requests, 0 violations"
    project.run("audit", "--since", "soon", status=64)


def test_a_permanent_redirect_is_followed_each_time_at_first(tmp_path: Path) -> None:
    """ST-09, ST-10: and `explain` tells what has been seen so far."""
    with serving() as site:
        site.answers["/old"] = Answer(body=b"", status=301, headers={"Location": "/new"})
        site.answers["/new"] = Answer.feed(stories(1))
        project = Project(tmp_path, [site.url("/old")])
        for _ in range(4):
            project.run("poll", "--force")
        assert [path for path, _ in site.seen] == ["/old", "/new"] * 4
        assert f"{site.url('/new')}: found there 4 times" in project.run("feeds", "explain", site.url("/old")).stdout
