"""Mistakes are shown in their lines, and what is secret in those is not."""

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from aggregator.cli.frames import frame, framed
from aggregator.settings import Problem
from tests.cli.test_commands import program
from tests.e2e.project import COMMAND

SECRETS = """
[web]
token = "hidden-1"
[[feeds]]
url = "https://me:hidden-2@a.example/"
headers = { Authorization = "hidden-3" }
auth.password = 'hidden-4'
[feeds.auth]
anything = "hidden-5"
password = '''
hidden-6 = x
hidden-7'''
[[webhook]]
url = "https://hooks.example/hidden-8"
[fetch]
proxy = "http://hidden-9.example"
user_agent = "seen/1"
"""


def broken(folder: Path, text: str = '[fetch]\ntimeuot = "1s"\n') -> Path:
    path = folder / "aggregator.toml"
    path.write_text(text)
    return path


def test_no_line_of_a_frame_shows_a_secret(tmp_path: Path) -> None:
    """HT-16: nor do those around it, whether the file is TOML or not."""
    for text in (SECRETS, SECRETS + "= no TOML ["):
        path = broken(tmp_path, text)
        lines = len(text.splitlines())
        shown = "".join("".join(frame(Problem(file=str(path), line=n, message="m"))) for n in range(1, lines + 1))
        assert "hidden" not in shown
        assert "seen/1" in shown
        assert "a.example" in shown


@pytest.mark.parametrize(
    "text", ["x = 1\n" * 3, "x = '" + "y" * 100_000 + "'\n", "\x1b[2J = 1\n", "# \u2028\x0b\nx = 1\n", "", "\n"]
)
def test_any_place_of_any_file_can_be_shown(text: str, tmp_path: Path) -> None:
    """Long lines are cut about the place; what a terminal would obey is not printed (OI-12)."""
    path = broken(tmp_path, text)
    for line in range(5):
        for column in (0, 1, 90_000):
            shown = framed([Problem(file=str(path), line=line, column=column, message="m")], colour=False)
            assert len(shown) < 1000
            assert "\x1b" not in shown


def test_the_caret_of_a_long_line_is_under_its_column(tmp_path: Path) -> None:
    path = broken(tmp_path, " " * 500 + "here = 1\n")
    shown = frame(Problem(file=str(path), line=1, column=501, message="m"))
    assert shown[1].index("^") == shown[0].index("here")


def test_programs_get_the_same_as_json(tmp_path: Path) -> None:
    done = program("check", "--format", "json", "-c", str(broken(tmp_path)))
    assert (done.returncode, done.stderr) == (78, "")
    answer = json.loads(done.stdout)
    (problem,) = answer["problems"]
    assert (answer["ok"], problem["kind"], problem["line"], problem["column"]) == (False, "unknown", 2, 1)
    assert problem["frame"][1:3] == ['> 2 | timeuot = "1s"', "    | ^"]
    right = program("check", "--format", "json", "-c", str(broken(tmp_path, '[[feeds]]\nurl = "http://a.example/"\n')))
    assert json.loads(right.stdout) == {"ok": True, "feeds": 1, "enabled": 1, "problems": [], "notes": []}


def test_colours_are_for_terminals_that_want_them(tmp_path: Path) -> None:
    path = broken(tmp_path)
    assert "\x1b[" in _on_a_terminal("check", "-c", str(path))
    assert "\x1b[" not in _on_a_terminal("check", "-c", str(path), NO_COLOR="1")


def _on_a_terminal(*words: str, **environ: str) -> str:
    ours, theirs = pty.openpty()
    plain = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    with subprocess.Popen([*COMMAND, *words], stderr=theirs, env={**plain, "TERM": "xterm", **environ}) as running:
        os.close(theirs)
        shown = b""
        try:
            while more := os.read(ours, 65536):
                shown += more
        except OSError:  # how Linux tells that nobody writes to a terminal any more
            running.wait(30)
    os.close(ours)
    return shown.decode()
