"""A first configuration: three questions or none, accepted by `check`, and never over another."""

import os
import pty
import subprocess
from pathlib import Path

import pytest

from aggregator.cli.first_config import Unusable, first_config
from aggregator.feeds import load
from tests.cli.test_commands import program
from tests.e2e.project import COMMAND

SCHEMA = Path("/somewhere/aggregator.schema.json")


def test_with_yes_nothing_is_asked_and_check_accepts_it(tmp_path: Path) -> None:
    opml = tmp_path / "mine.opml"
    opml.write_text('<opml version="2.0"><body><outline xmlUrl="http://b.example/"/></body></opml>')
    path = tmp_path / "a folder/aggregator.toml"
    words = ("--yes", "-c", str(path), "--feed", "https://a.example/feed", "--feed", str(opml))
    done = program("init", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 feeds" in done.stdout
    assert f"next:  aggregator run -c '{path}'" in done.stdout
    assert program("check", "-c", str(path)).stdout == f"{path}: 2 feeds, 2 enabled\n"
    assert load(path, {}).settings.store.url == f"sqlite:///{path.parent}/aggregator.sqlite"
    before = path.read_bytes()
    again = program("init", *words)
    assert again.returncode == 1
    assert "stays as it is" in again.stderr
    assert path.read_bytes() == before


def test_the_store_may_be_elsewhere(tmp_path: Path) -> None:
    """As for a service, whose configuration is in a folder that it may not write."""
    path = tmp_path / "etc/aggregator.toml"
    done = program("init", "--yes", "-c", str(path), "--store", "/var/lib/x/y.sqlite", "--output", "/var/lib/x/r.jsonl")
    assert done.returncode == 0
    settings = load(path, {}).settings
    assert (settings.store.url, settings.export[0].path) == ("sqlite:////var/lib/x/y.sqlite", "/var/lib/x/r.jsonl")


def test_three_questions_are_asked_on_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    ours, theirs = pty.openpty()
    with subprocess.Popen([*COMMAND, "init"], stdin=theirs, stderr=theirs, stdout=subprocess.PIPE) as running:
        os.close(theirs)
        os.write(ours, f"{path}\na.example/feed https://b.example/\nnone\n".encode())
        assert running.stdout
        said = running.stdout.read().decode()
        assert running.wait(60) == 0
    os.close(ours)
    assert "2 feeds" in said
    configuration = load(path, {})
    assert [feed.url for feed in configuration.feeds] == ["https://a.example/feed", "https://b.example/"]
    assert configuration.settings.export == ()


def test_where_nobody_can_be_asked_the_way_on_is_named(tmp_path: Path) -> None:
    done = program("init", "-c", str(tmp_path / "x.toml"))
    assert done.returncode == 64
    assert "--yes" in done.stderr


def test_what_is_no_feed_writes_nothing(tmp_path: Path) -> None:
    done = program("init", "--yes", "-c", str(tmp_path / "x.toml"), "--feed", "ftp://a.example/")
    assert done.returncode == 1
    assert "is not written" in done.stderr
    assert not list(tmp_path.iterdir())
    with pytest.raises(Unusable):
        first_config(["http://"], None, folder=tmp_path, schema=SCHEMA)


@pytest.mark.parametrize(
    ("feeds", "output"),
    [([], None), ([], "out/%Y.jsonl.gz"), (["https://a.example/ü?x=\"'"], 'a "b"\\c.jsonl'), (["a.example"] * 2, "x")],
)
def test_whatever_is_answered_the_text_loads(feeds: list[str], output: str | None, tmp_path: Path) -> None:
    path = tmp_path / "aggregator.toml"
    path.write_text(first_config(feeds, output, folder=tmp_path, schema=SCHEMA).text)
    configuration = load(path, {})
    assert len(configuration.feeds) == len(set(feeds))
    assert len(configuration.settings.export) == (output is not None)


def test_a_list_that_is_not_there_is_named() -> None:
    with pytest.raises(Unusable, match=r"there is no file gone\.opml"):
        first_config(["gone.opml"], None, folder=Path(), schema=SCHEMA)
