"""The commands on a store in PostgreSQL."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.store.postgres.versions import VERSION
from tests.e2e.project import Project
from tests.e2e.site import Answer, item, rss, serving
from tests.postgres import Server


@pytest.fixture
def project(tmp_path: Path, postgres: Server) -> Iterator[Project]:
    """Offer a project with a feed, whose database has nothing in it."""
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(*(item(f"https://x.example/{n}", title=f"Story {n}") for n in (1, 2, 3))))
        project = Project(tmp_path, [site.url("/a")])
        url = postgres.fresh(migrated=False)
        project.config.write_text(project.config.read_text().replace("sqlite:///store.sqlite", url))
        yield project


def test_nothing_but_migrate_makes_the_tables_and_then_commands_are_as_on_a_file(project: Project) -> None:
    """Whoever finds other tables than his own says what to do."""
    assert "`aggregator migrate` makes them" in project.run("poll", status=69).stderr
    assert project.run("migrate").stdout == f"schema {VERSION} is made\n"
    assert project.run("migrate").stdout == f"nothing to do: the tables are of schema {VERSION}\n"
    assert project.run("poll").stdout.startswith("polled 1 feed: 3 new")
    exported = [json.loads(line) for line in project.run("export", "--consumer", "nightly").stdout.splitlines()]
    assert [record["slug"] for record in exported] == ["story-1", "story-2", "story-3"]
    assert project.run("export", "--consumer", "nightly").stdout == ""
    assert project.run("status").stdout.count("nightly") == 1
    project.run("doctor")
    assert "pg_dump" in project.run("backup", status=69).stderr


def test_processes_that_poll_together_cannot_tell_origins_by_their_addresses(project: Project) -> None:
    """Each may find another address of a name."""
    project.config.write_text(project.config.read_text().replace("[fetch]", '[fetch]\nscope = "address"'))
    for command in ("run", "worker"):
        assert '"address" is not for a fleet' in project.run(command, status=78).stderr


def test_the_driver_is_imported_for_such_an_address_only() -> None:
    program = (
        "import sys; import aggregator.cli.main; from aggregator.store.location import open_store;"
        "open_store('sqlite:///x', create=True); assert not [name for name in sys.modules if 'psycopg' in name]"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
