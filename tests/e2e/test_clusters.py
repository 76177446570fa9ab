"""Clusters of records, found by a running daemon behind its polls."""

import json
from pathlib import Path

from tests.e2e.project import Project
from tests.e2e.site import Answer, serving
from tests.e2e.test_daemon import stop, until
from tests.stories import rss, story

QUAKE, SHOCK = "Strong earthquake shakes coast of Sumatra", "Earthquake off Sumatra coast kills dozens"
MORE = '[schedule]\nmin = "1s"\ndefault = "1s"\nmax = "1s"\n[enrich]\nstories = {}\n'


def test_the_daemon_finds_what_tells_of_one_event(tmp_path: Path) -> None:
    with serving() as site:
        site.answers["/one"] = Answer.feed(rss([story(1, title=QUAKE), story(2)]))
        site.answers["/two"] = Answer.feed(rss([story(1, site="https://other.example", title=SHOCK)]))
        project = Project(tmp_path, [site.url("/one"), site.url("/two", "127.0.0.2")], more=MORE.format("true"))
        assert project.run("poll").returncode == 0
        assert project.run("stories").stdout == ""
        with project.start() as daemon:
            until(lambda: "earthquake-off" in project.run("stories").stdout)
            assert stop(daemon) == 0
        head, *members = project.run("stories").stdout.splitlines()
        name, number = head.split("\t")
        assert (number, sorted(line.split("\t")[4] for line in members)) == ("2", [SHOCK, QUAKE])
        envelopes = map(json.loads, project.run("export", "--changes").stdout.splitlines())
        found = [line["story"] for line in envelopes]
        assert found.count({"id": name, "records": 2}) == 2
        assert found.count(None) == 1


def test_it_is_off_by_default(tmp_path: Path) -> None:
    project = Project(tmp_path, [])
    project.run("poll")
    assert "not true" in project.run("stories").stdout
