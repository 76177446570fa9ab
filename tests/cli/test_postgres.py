"""The commands on a store in PostgreSQL."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.model import FeedConfig
from aggregator.store.location import open_store
from tests.e2e.project import Project
from tests.postgres import Server
from tests.store.factory import NOW, a_digest, a_draft, poll

FEED = "https://a.example/"


@pytest.fixture
def project(tmp_path: Path, postgres: Server) -> Project:
    """Offer a project whose database has nothing in it."""
    project = Project(tmp_path, [FEED])
    url = postgres.fresh(migrated=False)
    project.config.write_text(project.config.read_text().replace("sqlite:///store.sqlite", url))
    return project


def test_nothing_but_migrate_makes_the_tables(project: Project) -> None:
    """And whoever finds others than his own says what to do."""
    for words in (["status"], ["poll"]):
        assert "`aggregator migrate` makes them" in project.run(*words, status=69).stderr
    assert project.run("migrate").stdout == "schema 1 is made\n"
    assert project.run("migrate").stdout == "nothing to do: the tables are of schema 1\n"
    assert project.run("status").stdout


def test_the_commands_read_a_store_in_postgresql_as_any_other(project: Project, postgres: Server) -> None:
    project.run("migrate")
    url = next(line.split('"')[1] for line in project.config.read_text().splitlines() if "postgresql" in line)
    with closing(open_store(url)) as store:
        with store.work() as work:
            work.feeds.sync([FeedConfig(url=FEED, name="Aye")], NOW)
        poll(store, FEED, a_digest(*(a_draft(f"s/{n}", title=f"Story {n}") for n in (1, 2, 3))), NOW)
        with store.work() as work:
            assert work.indexing.catch_up(limit=99)
    exported = [json.loads(line) for line in project.run("export").stdout.splitlines()]
    assert [record["slug"] for record in exported] == ["story-1", "story-2", "story-3"]
    assert json.loads(project.run("show", "story-2").stdout) == exported[1]
    assert len(project.run("export", "--consumer", "nightly", "--changes").stdout.splitlines()) == 3
    assert project.run("consumers", "list").stdout.startswith("nightly\t3\t")
    assert "Story 3" in project.run("search", "story", "3").stdout
    assert "Story 1" in project.run("history", "story-1").stdout
    assert "1 feeds, 0 failing" in project.run("status").stdout
    for words in (["duplicates"], ["audit"], ["stories"], ["prune", "--keep", "1 per feed", "--dry-run"], ["doctor"]):
        project.run(*words)
    assert "pg_dump" in project.run("backup", status=69).stderr


def test_the_driver_is_imported_for_such_an_address_only() -> None:
    program = (
        "import sys; import aggregator.cli.main; from aggregator.store.location import open_store;"
        "open_store('sqlite:///x', create=True); assert not [name for name in sys.modules if 'psycopg' in name]"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
