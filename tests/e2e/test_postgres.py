"""The daemon, and the commands beside it, on a store in PostgreSQL."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.project import COMMAND, Daemon, Project
from tests.e2e.site import Answer, Site, item, rss, serving
from tests.e2e.test_daemon import lines, until
from tests.e2e.test_site import PATIENCE, listening, opened
from tests.e2e.test_site import until as until_it_says
from tests.enrich.test_topics import SCORING
from tests.postgres import Server

_SETTINGS = """
[[export]]
name = "plain"
path = "out/records.jsonl"
"""
_RULE = """
[[rules]]
name = "boats"
action = "rewrite"
find = "The ferry"
replace = "The boat"
"""
_OTHER_WORDS = """[enrich]
topics = "words.toml"
[store]"""
_WORDS = f"""
[vocabulary]
id = "words"
{SCORING}
[[topic]]
slug = "ferries"
strong = ["ferry"]
"""
_TEXT = "The harbour ferry sails again after three weeks of repairs, and the town came to see it leave the pier."


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        stories = [item("https://a.example/1", title="The ferry returns", body=_TEXT, guid="1")]
        site.answers["/a"] = Answer.feed(rss(*stories))
        site.answers["/b"] = Answer.feed(rss(item("https://b.example/1", title="A tram stops", guid="2")))
        yield site


@pytest.fixture
def project(tmp_path: Path, site: Site, postgres: Server) -> Project:
    """Offer a project with two feeds, whose store keeps documents."""
    project = Project(tmp_path, [site.url("/a"), site.url("/b")], _SETTINGS)
    address = f'{postgres.fresh()}"\nraw = "changed'
    project.config.write_text(project.config.read_text().replace("sqlite:///store.sqlite", address))
    return project


def test_the_daemon_polls_writes_files_and_shows_what_it_has(project: Project, site: Site) -> None:
    """SC-31 too: a second process is refused, and told who polls."""
    listening(project, "127.0.0.1:0")
    with project.start() as daemon:
        address = opened(project.folder / "daemon.log", daemon)
        until(lambda: len(lines(project)) == 2)
        until_it_says(f"{address}search?q=title:ferr*", "<mark>ferry</mark>")
        assert _got(f"{address}news/the-ferry-returns.md").startswith("---\nslug: ")
        assert "A feed" in _got(f"{address}feeds")
        assert 'aggregator_polls_total{result="ok"} 2' in _got(f"{address}metrics")
        changes = json.loads(_got(f"{address}api/changes"))["changes"]
        assert [change["kind"] for change in changes] == ["new", "new"]
        assert f"process {daemon.pid}" in project.run("poll", status=75).stderr
        edited = item("https://a.example/1", title="The ferry returns", body=f"{_TEXT} Twice.", guid="1")
        site.answers["/a"] = Answer.feed(rss(edited))
        project.run("feeds", "refresh", site.url("/a"), "--force")
        until(lambda: len(lines(project)) == 3)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(PATIENCE) == 0
    assert [event for event in project.log() if event["level"] in {"warning", "error"}] == []
    assert [line["title"] for line in project.records()] == ["A tram stops", "The ferry returns"]


def test_a_daemon_without_a_site_is_asked_for_in_the_store(project: Project) -> None:
    assert "nobody polls" in project.run("healthcheck", status=69).stderr
    with project.start() as daemon:
        until(lambda: len(lines(project)) == 2)
        assert project.run("healthcheck").stdout == "ok\n"
        daemon.kill()
    assert "nobody polls" in project.run("healthcheck", status=69).stderr


def test_the_commands_do_what_they_do_on_a_file(project: Project, site: Site) -> None:
    site.answers["/b"] = Answer.feed(rss(item("https://b.example/1", title="A ferry, again", body=_TEXT, guid="2")))
    assert project.run("poll").stdout.startswith("polled 2 feeds: 2 new")
    assert "2 records; nobody polls" in project.run("status").stdout
    assert "a-ferry-again" in project.run("duplicates", "the-ferry-returns").stdout
    project.config.write_text(project.config.read_text() + _RULE)
    assert "+The boat returns" in project.run("replay", "--diff").stdout
    project.run("replay")
    project.config.write_text(project.config.read_text().replace("[store]", _OTHER_WORDS))
    (project.folder / "words.toml").write_text(_WORDS)
    assert project.run("enrich", "again", "topics").stdout.count("topics") == 2
    assert {line["title"]: line["topics"] for line in project.records()} == {
        "The boat returns": ["ferries"],
        "A ferry, again": ["ferries"],
    }
    project.run("doctor")
    assert "pg_dump" in project.run("backup", status=69).stderr
    assert "pg_restore" in project.run("restore", "some.dump", status=69).stderr


async def test_the_site_alone_indexes_and_people_and_assistants_find(project: Project) -> None:
    project.run("poll")
    listening(project, "127.0.0.1:0")
    log = project.folder / "serve.log"
    with log.open("wb") as out:
        process = Daemon([*COMMAND, "serve", "-c", str(project.config)], stdout=out, stderr=out)
    with process:
        until_it_says(f"{opened(log, process)}search?q=ferry", "<mark>ferry</mark>")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert "the-ferry-returns" in project.run("search", "ferr*").stdout
    mcp = pytest.importorskip("mcp", reason="the extra aggregator[mcp] is not installed")
    words = [*COMMAND[1:], "mcp", "-c", str(project.config)]
    async with mcp.Client(mcp.StdioServerParameters(command=COMMAND[0], args=words)) as client:
        found = (await client.call_tool("search", {"query": "ferry"})).structured_content
    assert [each["slug"] for each in found["stories"]] == ["the-ferry-returns"]


def _got(url: str) -> str:
    answer = httpx.get(url, trust_env=False, timeout=PATIENCE)
    assert answer.status_code == 200, answer.text
    return answer.text
