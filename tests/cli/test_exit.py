"""Each exit status of the reference, by a real process; what shells and `man` are given."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from tests.cli.test_commands import program
from tests.e2e.project import COMMAND, Project
from tests.e2e.site import Answer, serving
from tests.e2e.test_daemon import until
from tests.settings.test_shipped import ROOT

REFERENCE = ROOT / "docs/reference/command-line.md"
STATUSES = (0, 1, 64, 69, 75, 78, 130)


def test_every_status_comes_from_a_process_that_means_it(tmp_path: Path) -> None:
    project = Project(tmp_path, ["http://a.example/"])
    project.run("check", status=0)
    project.run("feeds", "remove", "http://b.example/", status=1)
    project.run("check", "--nonsense", status=64)
    project.run("status", status=69)
    with (tmp_path / "store.sqlite.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        project.run("run", status=75)
    project.config.write_text("x = 1")
    project.run("check", status=78)


def test_a_command_that_is_interrupted_says_so_by_its_status(tmp_path: Path) -> None:
    release = threading.Event()

    def slow() -> Answer:
        release.wait(30)
        return Answer(body=b"")

    with serving() as site:
        site.answers["/slow"] = slow
        project = Project(tmp_path, [])
        command = [*COMMAND, "probe", site.url("/slow"), "-c", str(project.config)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            until(lambda: bool(site.seen))
            running.send_signal(signal.SIGINT)
            said = running.communicate(timeout=30)
        release.set()
    assert running.returncode == 130
    assert b"Traceback" not in said[1]


def test_the_manual_has_every_command_and_every_status_and_man_takes_it(tmp_path: Path) -> None:
    text = program("man").stdout
    rows = re.findall(r"^\| (\d+) \|", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE)
    stated = re.findall(r"^\.B (\d+)$", text, re.MULTILINE)
    assert tuple(map(int, rows)) == tuple(map(int, stated)) == STATUSES
    for name in ("run", "feeds add URL", "config show", "probe URL"):
        assert f'.SS "aggregator {name}"' in text
    if shutil.which("man") is None:
        pytest.skip("there is no man here")
    (tmp_path / "aggregator.1").write_text(text)
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80"}
    command = ["man", "--warnings", "-l", "./aggregator.1"]
    shown = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True)
    assert shown.stderr == ""
    assert "EXIT STATUS" in shown.stdout
    assert "aggregator poll https://example.org/feed.xml --force" in shown.stdout


def test_shells_complete_commands_and_options() -> None:
    def completed(line: str) -> list[str]:
        asked = {"_AGGREGATOR_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
        done = subprocess.run(COMMAND, env={**os.environ, **asked}, capture_output=True, text=True, check=False)
        return done.stdout.split()

    assert completed("aggregator feeds ref") == ["refresh"]
    assert completed("aggregator reload --f") == ["--force"]
