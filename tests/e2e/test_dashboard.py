"""`aggregator run` on a terminal shows a dashboard; asked to be plain it logs; Ctrl-C and a hangup drain either."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.project import COMMAND, Project
from tests.e2e.site import Answer, item, rss, serving


def seen(ours: int, wanted: str, seconds: float = 60) -> str:
    """Read what a terminal is sent until ``wanted`` has come, or nobody writes to it any more."""
    shown, end = b"", time.monotonic() + seconds
    while wanted not in shown.decode(errors="replace") and time.monotonic() < end:
        if select.select([ours], [], [], 0.2)[0]:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # how Linux tells that nobody writes any more
                break
    return shown.decode(errors="replace")


@pytest.mark.parametrize(
    ("words", "environ", "sign", "end", "by"),
    [
        ([], {}, "1 new, 0 updated", "stopped after 1 polls: 1 new, 0 updated, 0 failed", signal.SIGINT),
        (["--plain"], {"NO_COLOR": "1"}, "result=ok", "stopped", signal.SIGHUP),
    ],
)
def test_a_person_who_watches_sees_what_goes_on(
    *, words: list[str], environ: dict[str, str], sign: str, end: str, by: signal.Signals, tmp_path: Path
) -> None:
    """What a feed is called cannot steer the terminal (OI-12)."""
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(item("https://x.example/1")))
        project = Project(tmp_path, [site.url("/a")])
        with project.config.open("a") as config:
            config.write('name = "A \\u009b2Jfeed"\n')
        ours, theirs = pty.openpty()
        environ = {**os.environ, "TERM": "xterm", **environ}
        command = [*COMMAND, "run", "-c", str(project.config), *words]
        with subprocess.Popen(command, stdin=theirs, stderr=theirs, env=environ) as running:
            os.close(theirs)
            shown = seen(ours, sign)
            assert sign in shown
            running.send_signal(by)
            shown += seen(ours, "never")
            assert running.wait(60) == 0
        os.close(ours)
    assert end in shown
    assert "\u009b" not in shown
    if "NO_COLOR" in environ:
        assert "\x1b[" not in shown
    else:
        assert "\x1b[?25l" not in shown  # the cursor stays, whatever ends the process
        assert re.search(r"A \\x9b2Jfeed +1 new", shown)


def test_what_draws_is_not_loaded_by_a_service() -> None:
    code = "import sys, aggregator.cli.run as run; assert 'aggregator.cli.dashboard' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
