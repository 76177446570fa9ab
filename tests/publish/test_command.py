"""Programs that are given changes."""

import json
import os
import select
import sys
from datetime import timedelta
from pathlib import Path

from aggregator.model import Change, Seq
from aggregator.publish.command import Command
from aggregator.publish.envelope import change_fields
from aggregator.publish.retrying import Refusal
from tests.publish.making import BASE, NOW, a_change, a_record


def a_command(*argv: str, seconds: float = 20) -> Command:
    """Return a command."""
    return Command(argv=argv, timeout=timedelta(seconds=seconds), base_url=BASE)


def python(program: str, *arguments: str, seconds: float = 20) -> Command:
    """Return one that runs a program of Python."""
    return a_command(sys.executable, "-c", program, *arguments, seconds=seconds)


def has_ended(pid: int) -> bool:
    """Whether a process is gone; one that was killed may take a moment to die."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], 30)[0])
    finally:
        os.close(process)


async def test_a_program_gets_the_envelope_as_one_line(tmp_path: Path) -> None:
    """OI-16: arguments go to it as they are, and no shell reads them or the story."""
    out = tmp_path / "out"
    evil = "; touch $(pwd)/pwned `id` && |"
    program = "import sys; open(sys.argv[1], 'w').write(sys.argv[2] + '\\n' + sys.stdin.read())"
    change = Change(seq=Seq(1), kind="new", at=NOW, revision=1, record=a_record())
    assert await python(program, str(out), evil)(change) is None
    argument, line, rest = out.read_text().split("\n")
    assert (argument, rest) == (evil, "")
    assert json.loads(line) == change_fields(change, BASE)


async def test_only_exit_status_0_is_a_yes() -> None:
    """And what the program complained is told, however much it was."""
    program = "import sys; sys.stderr.write('x' * 1_000_000 + 'no room'); sys.exit(3)"
    refusal = await python(program)(a_change(1))
    assert refusal is not None
    assert refusal.message.startswith("exit status 3: xxx")
    assert refusal.message.endswith("no room")
    assert len(refusal.message) < 300
    assert await python("import os; os.kill(os.getpid(), 9)")(a_change(1)) == Refusal(message="killed by signal 9")


async def test_a_program_that_reads_nothing_may_still_be_done() -> None:
    """Its status says so, whatever became of the line."""
    big = Change(seq=Seq(1), kind="gap", at=NOW, revision=None, record=None, detail={"x": "y" * 1_000_000})
    assert await python("")(big) is None


async def test_a_run_that_takes_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    """OI-16."""
    child = tmp_path / "child"
    program = (
        "import subprocess, sys\n"
        "p = subprocess.Popen(['sleep', '600'], stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)\n"
        "open(sys.argv[1], 'w').write(str(p.pid)); p.wait()"
    )
    refusal = await python(program, str(child), seconds=5)(a_change(1))
    assert refusal == Refusal(message="not done within 5 s")
    assert has_ended(int(child.read_text()))


async def test_a_program_that_is_not_there_is_a_refusal() -> None:
    refusal = await a_command("/nonexistent/program")(a_change(1))
    assert refusal is not None
    assert "cannot be run" in refusal.message
