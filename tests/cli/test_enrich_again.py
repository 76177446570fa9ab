"""``aggregator enrich again``, as processes."""

import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.test_topics import ITEMS, VOCABULARY
from tests.e2e.project import COMMAND, Project
from tests.e2e.site import Answer, rss, serving
from tests.stories import rss as many
from tests.stories import story

ENRICH = '\n[enrich]\nenabled = ["topics"]\ntopics = "{}.toml"\n'


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose two records have no topic yet, and whose vocabulary is another one now."""
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(*ITEMS))
        project = Project(tmp_path, [site.url("/a")])
        use(project, "old", VOCABULARY.replace("ferry", "tram").replace("storm*", "hail*"))
        project.run("poll")
    use(project, "new", VOCABULARY)
    return project


def use(project: Project, name: str, vocabulary: str) -> None:
    (project.folder / f"{name}.toml").write_text(vocabulary)
    project.config.write_text(project.config.read_text().partition("\n[enrich]")[0] + ENRICH.format(name))


def test_a_change_of_the_vocabulary_is_looked_at_and_then_made(project: Project) -> None:
    looked = project.run("enrich", "--again", "topics", "--diff").stdout.splitlines()
    assert looked[0].split("\t")[::2] == ["the-ferry-and-the-quay", "topics"]
    assert looked[1:] == [
        "  topics  none",
        "      ->  weather, ferries",
        "  +weather +ferries",
        "2 records, 0 of them by today's rules already, 0 unreadable, 1 would be updated",
    ]
    assert project.run("enrich", "--again=topics", "--dry-run").stdout.splitlines() == looked
    done = project.run("enrich", "again", "all").stdout.splitlines()
    assert done[-1] == "2 records, 0 of them by today's rules already, 0 unreadable, 1 updated"
    assert [record["topics"] for record in project.records()] == [[], ["weather", "ferries"]]
    done = project.run("enrich", "again", "topics").stdout.splitlines()
    assert done == ["2 records, 2 of them by today's rules already, 0 unreadable, 0 updated"]


def test_the_daemon_does_it_by_itself(project: Project) -> None:
    with project.start() as daemon:
        ends = time.monotonic() + 60
        while not any(record["topics"] for record in project.records()):
            assert time.monotonic() < ends
        daemon.terminate()
        assert daemon.wait(30) == 0
    assert project.records()[-1]["topics"] == ["weather", "ferries"]
    (line,) = [line for line in project.records("--changes") if line["kind"] == "updated"]
    assert line["detail"] == {"renewed": {"topics": line["provenance"]["topics"]}}


def test_what_cannot_be_is_said_so(project: Project) -> None:
    assert (
        "expected language, summary, topics, entities or all"
        in project.run("enrich", "again", "mood", status=64).stderr
    )
    assert "'entities' is off" in project.run("enrich", "again", "entities", status=64).stderr
    failed = project.run("enrich", "again", "topics", "--feed", "https://x.example/none", status=64)
    assert "https://x.example/none is not a configured feed" in failed.stderr


def test_a_kill_loses_nothing_and_changes_nothing_twice(tmp_path: Path) -> None:
    with serving() as site:
        site.answers["/a"] = Answer.feed(many(story(number, body=f"A ferry {number}.") for number in range(450)))
        project = Project(tmp_path, [site.url("/a")])
        use(project, "old", VOCABULARY.replace("ferry", "tram"))
        project.run("poll")
    use(project, "new", VOCABULARY)
    with subprocess.Popen(
        [*COMMAND, "enrich", "again", "topics", "-c", str(project.config)], stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdout is not None
        killed.stdout.readline()
        killed.kill()
    project.run("enrich", "again", "topics")
    changes = [line for line in project.records("--changes") if line["kind"] == "updated"]
    assert len({change["record"]["slug"] for change in changes}) == len(changes) == 450
    assert all(change["record"]["topics"] == ["ferries"] for change in changes)
