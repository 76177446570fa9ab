"""``aggregator export`` and ``aggregator consumers``, as a script uses them."""

import gzip
import json
import signal
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.model import FeedConfig
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from tests.e2e.project import COMMAND, Project
from tests.store.factory import NOW, a_digest, a_draft, poll

FEED = "https://a.example/"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Offer a project."""
    return Project(tmp_path, [FEED])


@pytest.fixture
def store(project: Project) -> Iterator[Store]:
    """Offer its store, with three stories."""
    opened = open_store(f"sqlite:///{project.folder}/store.sqlite", create=True)
    with opened.work() as work:
        work.feeds.sync([FeedConfig(url=FEED, name="Aye", tags=("x",))], NOW)
    poll(opened, FEED, a_digest(*(a_draft(f"s/{n}", title=f"Story {n}") for n in (1, 2, 3))), NOW)
    yield opened
    opened.close()


def seqs(text: str) -> list[int]:
    """Return the seqs of envelopes."""
    return [json.loads(line)["seq"] for line in text.splitlines()]


def place(project: Project, name: str) -> list[str]:
    """Return what `consumers list` says of one."""
    rows = [line.split("\t") for line in project.run("consumers", "list").stdout.splitlines()]
    return next(row[1:3] for row in rows if row[0] == name)


def test_records_and_changes_are_filtered(project: Project, store: Store) -> None:
    assert len(project.records("--feed", "Aye", "--tag", "x", "--topic", "news", "--lang", "en")) == 3
    assert project.records("--lang", "de") == []
    assert project.records("--since", "2026-06-25") == []
    changes = [json.loads(line) for line in project.run("export", "--changes", "--kind", "new").stdout.splitlines()]
    assert [(change["seq"], change["record"]["slug"]) for change in changes] == [
        (number, f"story-{number}") for number in (1, 2, 3)
    ]
    assert project.run("export", "--changes", "--kind", "gap").stdout == ""
    assert "no kind" in project.run("export", "--changes", "--kind", "news", status=64).stderr


def test_a_file_that_ends_in_gz_is_compressed(project: Project, store: Store) -> None:
    """So is whatever --gzip is given for; CSV has a header."""
    project.run("export", "-o", str(project.folder / "out.jsonl.gz"))
    assert len(gzip.decompress((project.folder / "out.jsonl.gz").read_bytes()).splitlines()) == 3
    project.run("export", "--gzip", "--format", "csv", "-o", str(project.folder / "out"))
    lines = gzip.decompress((project.folder / "out").read_bytes()).splitlines()
    assert lines[0].startswith(b'"slug","title"')
    assert len(lines) == 4


def test_a_consumer_is_acknowledged_in_two_steps(project: Project, store: Store) -> None:
    """OI-10: at least once: what was not acknowledged comes again."""
    words = ("export", "--changes", "--consumer", "nightly", "--no-ack")
    assert [seqs(project.run(*words).stdout) for _ in range(2)] == [[1, 2, 3]] * 2
    assert place(project, "nightly") == ["0", "3"]
    project.run("consumers", "ack", "nightly", "2")
    assert seqs(project.run(*words).stdout) == [3]
    assert "replay" in project.run("consumers", "ack", "nightly", "1", status=1).stderr
    assert "last change is 3" in project.run("consumers", "ack", "nightly", "4", status=1).stderr
    assert 'did you mean "nightly"' in project.run("consumers", "ack", "nightlyy", "3", status=1).stderr


def test_a_consumer_is_replayed_from_a_seq_or_a_date_and_dropped(project: Project, store: Store) -> None:
    """OI-10."""
    poll(store, FEED, a_digest(a_draft("s/4", title="Story 4")), NOW + timedelta(days=1))
    words = ("export", "--changes", "--consumer", "nightly")
    assert seqs(project.run(*words).stdout) == [1, 2, 3, 4]
    assert seqs(project.run(*words).stdout) == []
    project.run("consumers", "replay", "nightly", "--from", "3")
    assert seqs(project.run(*words).stdout) == [3, 4]
    project.run("consumers", "replay", "nightly", "--from", "2026-06-25")
    assert place(project, "nightly") == ["3", "1"]
    assert "nightly" in project.run("status", "--only", "gone").stdout
    project.run("consumers", "drop", "nightly")
    assert project.run("consumers", "list").stdout == ""


def test_two_exporters_of_one_consumer_exclude_each_other(project: Project, store: Store) -> None:
    """OI-09."""
    with store.consuming("nightly", "aggregator export"):
        assert "already reads" in project.run("export", "--consumer", "nightly", status=75).stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--consumer", "c", "--since", "2026-01-01"),
        ("--no-ack",),
        ("--kind", "new"),
        ("--follow", "--until", "2026-01-01"),
        ("--follow", "-o", "file"),
        ("--from", "now"),
    ],
)
def test_options_that_make_no_sense_together_are_refused(project: Project, words: tuple[str, ...]) -> None:
    project.run("export", *words, status=64)


def following(project: Project, *words: str) -> subprocess.Popen[bytes]:
    """Start `export --follow`."""
    command = [*COMMAND, "export", "--follow", *words, "-c", str(project.config)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def next_line(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """Return the next line, waiting for it."""
    assert process.stdout is not None
    return dict(json.loads(process.stdout.readline()))


def test_following_prints_what_comes_and_ends_where_its_cursor_is(project: Project, store: Store) -> None:
    """OI-10: Ctrl-C ends it in between lines, with status 0."""
    with following(project, "--changes", "--consumer", "live", "--from", "beginning") as process:
        assert [next_line(process)["seq"] for _ in range(3)] == [1, 2, 3]
        poll(store, FEED, a_digest(a_draft("s/4", title="Story 4")), NOW + timedelta(days=1))
        assert next_line(process)["seq"] == 4
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert place(project, "live") == ["4", "0"]


def test_following_records_begins_with_those_there_are(project: Project, store: Store) -> None:
    with following(project) as process:
        assert [next_line(process)["slug"] for _ in range(3)] == ["story-1", "story-2", "story-3"]
        poll(store, FEED, a_digest(a_draft("s/1", title="Story 1", body="Edited.")), NOW + timedelta(days=1))
        assert next_line(process)["body_md"] == "Edited."
        process.terminate()
        assert process.wait(30) == 0
