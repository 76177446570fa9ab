"""``aggregator replay`` at a prompt: documents that the daemon or a poll has kept, after the settings have changed."""

import sqlite3
import subprocess
from pathlib import Path

from tests.e2e.project import COMMAND, Daemon, Project
from tests.e2e.site import Answer, item, rss, serving
from tests.e2e.test_daemon import stop, until
from tests.e2e.test_full_text import PARAGRAPHS, feed_of, page
from tests.e2e.test_sitemap import index, urlset

RULE = """
[[rules]]
action = "rewrite"
find = "Story number"
replace = "Report"
"""


def stories(first: int, last: int) -> Answer:
    """Answer a feed of these stories."""
    return Answer.feed(
        rss(*(item(f"https://x.example/{n}", title=f"Story number {n}", guid=f"g{n}") for n in range(first, last)))
    )


def kept(folder: Path, *urls: str) -> Project:
    """Return a project that keeps what it reads."""
    project = Project(folder, urls)
    project.config.write_text(project.config.read_text().replace("[store]", '[store]\nraw = "changed"'))
    return project


def kinds(project: Project) -> list[tuple[str, bool]]:
    """Return the kinds of the lines of the log, and whether they tell of something that was read again."""
    lines = project.records("--changes")
    return [(line["kind"], "replayed" in (line["detail"] or {})) for line in lines]


def test_a_new_rule_is_previewed_and_then_applied_to_what_was_read(tmp_path: Path) -> None:
    """Beside the daemon, which goes on polling; the second time there is nothing to do."""
    with serving() as site:
        site.answers["/a"] = stories(0, 3)
        project = kept(tmp_path, site.url("/a"))
        with project.start() as daemon:
            until(lambda: any(line["event"] == "poll" for line in project.log()))
            assert project.run("replay").stdout == "1 document read, 0 unreadable, 0 records updated\n"
            with project.config.open("a") as config:
                config.write(RULE)
            preview = project.run("replay", "--diff").stdout
            assert "-Story number 1\n+Report 1\n" in preview
            assert preview.endswith("1 document read, 0 unreadable, 3 records would be updated\n")
            assert kinds(project) == [("new", False)] * 3
            assert "nothing is kept" in project.run("replay", "--feed", "another").stdout
            assert "nothing is kept" in project.run("replay", "--since", "2999-01-01").stdout
            done = project.run("replay", "--feed", site.url("/a")).stdout
            assert f"story-number-1\t{site.url('/a')}\ttitle" in done
            assert done.endswith("3 records updated\n")
            assert kinds(project) == [("new", False)] * 3 + [("updated", True)] * 3
            assert project.run("replay").stdout.endswith("0 records updated\n")
            assert stop(daemon) == 0
        site.answers["/a"] = stories(0, 4)
        assert "1 new, 0 updated" in project.run("poll", "--force").stdout
    assert sorted(record["title"] for record in project.records()) == [f"Report {n}" for n in range(4)]
    assert "0 problems" in project.run("doctor").stdout
    assert "documents" not in project.run("prune").stdout
    project.config.write_text(project.config.read_text().replace("[store]", '[store]\nraw_keep = "1s"'))
    assert "2 documents would be deleted" in project.run("prune", "--dry-run").stdout
    assert "2 documents deleted" in project.run("prune").stdout


def test_pages_and_parts_are_read_again_without_asking(tmp_path: Path) -> None:
    """A body that is its page's stays that, also by a later document that names the entry only."""
    with serving() as site:
        site.answers |= {"/feed": feed_of(site, "/a"), "/a": page(), "/b": page()}
        site.answers["/map.xml"] = Answer.feed(index(("/part.xml", "2026-06-01")))
        site.answers["/part.xml"] = Answer.feed(urlset(("https://x.example/1", "Story of a part")))
        project = kept(tmp_path, site.url("/map.xml"))
        with project.config.open("a") as config:
            config.write(f'[[feeds]]\nurl = "{site.url("/feed")}"\nfull_text = true\n')
        assert "2 new" in project.run("poll").stdout
        site.answers["/feed"] = feed_of(site, "/b", "/a")
        assert "1 new" in project.run("poll", "--force").stdout
        with project.config.open("a") as config:
            config.write(RULE.replace("Story number", "Story"))
        asked = len(site.seen)
        assert project.run("replay", "--diff").stdout.endswith(
            "3 documents read, 0 unreadable, 3 records would be updated\n"
        )
        project.run("replay")
        assert len(site.seen) == asked
    bodies = {record["title"]: record["body_md"] for record in project.records()}
    assert bodies == {
        "Report /a": "\n\n".join(PARAGRAPHS),
        "Report /b": "\n\n".join(PARAGRAPHS),
        "Report of a part": "",
    }
    with sqlite3.connect(tmp_path / "store.sqlite") as connection:
        connection.execute("DELETE FROM raw_documents WHERE id<=2")  # of the two first polls
    connection.close()
    project.run("replay")
    assert {record["body_md"] for record in project.records()} == {"", "\n\n".join(PARAGRAPHS)}


def test_a_replay_that_is_killed_is_finished_by_the_next(tmp_path: Path) -> None:
    """Every record is reworded once, whenever it was killed."""
    with serving() as site:
        paths = [f"/{number}" for number in range(40)]
        for number, path in enumerate(paths):
            site.answers[path] = stories(20 * number, 20 * number + 20)
        project = kept(tmp_path, *map(site.url, paths))
        project.run("poll")
    with project.config.open("a") as config:
        config.write(RULE)
    with Daemon([*COMMAND, "replay", "-c", str(project.config)], stdout=subprocess.DEVNULL) as running:
        until(lambda: updated(tmp_path) > 0)
        running.kill()
    assert 0 < updated(tmp_path) <= 800
    assert project.run("replay").stdout.endswith("records updated\n")
    assert sorted(kinds(project)) == [("new", False)] * 800 + [("updated", True)] * 800
    assert project.run("replay").stdout.endswith(" 0 records updated\n")
    assert "0 problems" in project.run("doctor").stdout


def updated(folder: Path) -> int:
    """Return how many lines tell of a record that was reworded."""
    connection = sqlite3.connect(folder / "store.sqlite")
    (count,) = connection.execute("SELECT count(*) FROM changes WHERE kind='updated'").fetchone()
    connection.close()
    return int(count)
