"""What a person at the prompt sees, command by command."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.store.sqlite.schema import VERSION
from tests.e2e.project import COMMAND, Project

COMMANDS = ["run", "poll", "export", "show", "history", "status", "audit", "explain", "check"]
COMMANDS += ["doctor", "backup", "restore", "prune", "duplicates", "healthcheck"]
COMMANDS += ["plan", "reload", "probe", "init"]
IDENTITY = ["show", "unmerge"]
FEEDS = ["list", "add", "remove", "pause", "resume", "refresh", "explain", "import", "export"]
CONSUMERS = ["list", "ack", "replay", "drop"]
WEBHOOKS = ["list", "dead", "replay", "resume"]


def program(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the program."""
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    "words",
    [
        *([name] for name in COMMANDS),
        *(["feeds", name] for name in FEEDS),
        *(["identity", name] for name in IDENTITY),
        *(["consumers", name] for name in CONSUMERS),
        *(["webhooks", name] for name in WEBHOOKS),
        ["config", "show"],
        ["rules", "test"],
        ["enrich", "check"],
        ["enrich", "status"],
    ],
)
def test_every_command_explains_itself_with_an_example(words: list[str]) -> None:
    """--help names the configuration option and shows a line to copy."""
    shown = program(*words, "--help")
    assert shown.returncode == 0
    assert "--config" in shown.stdout
    assert f"aggregator {' '.join(words)}" in shown.stdout.partition("Usage")[2].partition("Options")[0]
    assert "Example" in shown.stdout


def test_wrong_words_are_wrong_usage() -> None:
    """sysexits' EX_USAGE, and a line that says what is off."""
    for words in (["nonsense"], ["poll", "--nonsense"], ["export", "--since", "yesterday"], ["show"]):
        done = program(*words)
        assert done.returncode == 64, words
        assert done.stderr


def test_every_problem_of_a_configuration_is_shown_at_once(tmp_path: Path) -> None:
    """Exit 78, for `check` and `run` alike; file, line and column in each line."""
    config = tmp_path / "aggregator.toml"
    config.write_text('[fetch]\ntimeuot = "1s"\nmax_size = "big"\n[[feeds]]\nurl = "ftp://x.example/"\n')
    for command in ("check", "run", "poll", "status"):
        done = program(command, "-c", str(config))
        assert done.returncode == 78
        assert [line.split(" ")[0] for line in done.stderr.splitlines() if line.startswith(str(config))] == [
            f"{config}:2:1:",
            f"{config}:3:12:",
            f"{config}:5:7:",
        ]
        assert '> 3 | max_size = "big"\n    |            ^\n' in done.stderr
    assert '"timeout"' in done.stderr


def test_reading_commands_say_that_there_is_no_store_yet(tmp_path: Path) -> None:
    """Exit 69, and what makes one."""
    project = Project(tmp_path, [])
    for words in (["status"], ["export"], ["show", "x"], ["audit"], ["backup"], ["prune"]):
        assert "aggregator run" in project.run(*words, status=69).stderr
    assert list(tmp_path.iterdir()) == [project.config]


def test_feeds_are_edited_in_place(tmp_path: Path) -> None:
    """Comments and order stay; the list shows what is configured."""
    project = Project(tmp_path, ["https://a.example/feed"], "# my feeds\n")
    added = ("https://b.example/feed", "--name", "B", "--tag", "news", "--tag", "en", "--interval", "2h")
    assert "added" in project.run("feeds", "add", *added).stdout
    assert "is configured here already" in project.run("feeds", "add", "https://b.example/feed", status=1).stderr
    project.run("feeds", "pause", "https://a.example/feed")
    assert project.run("feeds", "list").stdout == (
        "https://a.example/feed\t\t\tpaused\nhttps://b.example/feed\tB\tnews,en\t\n"
    )
    project.run("feeds", "resume", "https://a.example/feed")
    project.run("feeds", "remove", "https://b.example/feed")
    assert project.run("feeds", "list").stdout == "https://a.example/feed\t\t\t\n"
    assert "# my feeds\n" in project.config.read_text()
    project.run("feeds", "remove", "https://nobody.example/", status=1)
    project.run("feeds", "add", "https://c.example/", "--interval", "soon", status=64)


def test_the_environment_names_the_configuration(tmp_path: Path) -> None:
    """$AGGREGATOR_CONFIG, where -c is not given."""
    project = Project(tmp_path, ["https://a.example/feed"])
    done = subprocess.run(
        [*COMMAND, "check"], capture_output=True, text=True, env={"AGGREGATOR_CONFIG": str(project.config)}, check=True
    )
    assert "1 feed, 1 enabled" in done.stdout


def test_text_from_feeds_does_not_reach_the_terminal_alive(tmp_path: Path) -> None:
    """OI-12: names are shown, and never obeyed."""
    project = Project(tmp_path, [])
    project.config.write_text('[[feeds]]\nurl = "https://a.example/"\nname = "\\u001b[2J\\u202eevil"\n')
    assert project.run("feeds", "list").stdout == "https://a.example/\t\\x1b[2J\\u202eevil\t\t\n"


def test_a_store_of_a_newer_program_is_refused_and_left_as_it_is_until_a_copy_is_put_back(tmp_path: Path) -> None:
    """SQ-17: how to go back is told by whatever is tried."""
    project, copy = Project(tmp_path, []), tmp_path / "copy.sqlite"
    project.run("poll")
    project.run("backup", str(copy))
    store = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(store)) as connection:
        connection.execute(f"PRAGMA user_version={VERSION + 1}")
    before = store.read_bytes()[100:]  # what is before is SQLite's own: it counts who opened the file
    for words in (["run"], ["poll"], ["status"], ["export"]):
        assert f".version-{VERSION}" in project.run(*words, status=69).stderr
    assert store.read_bytes()[100:] == before
    project.run("restore", str(copy))
    project.run("status")
