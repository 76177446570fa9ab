"""Every command of docs/tutorial.md, in its order, as it is written there."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.e2e.site import Answer, item, rss, serving

TUTORIAL = Path(__file__).parents[2] / "docs/tutorial.md"
FEEDS = ("https://rss.slashdot.org/Slashdot/slashdotMain", "https://lwn.net/headlines/newrss")
PATIENCE = 60  # seconds


def commands() -> list[tuple[str, bool]]:
    """Return the commands, and of each whether it runs until Ctrl-C."""
    blocks = re.findall(r"```console\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL)
    return [
        (lines.split("\n", 1)[0], "\n^C" in lines)
        for block in blocks
        for lines in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    ]


def interrupt_when_well(command: str, folder: Path, environ: dict[str, str]) -> None:
    """Run a daemon until it does well; it has to end well."""
    with subprocess.Popen(["bash", "-c", f"exec {command}"], cwd=folder, env=environ, stderr=subprocess.PIPE) as daemon:
        try:
            end = time.monotonic() + PATIENCE
            while subprocess.run(["aggregator", "healthcheck"], cwd=folder, env=environ, check=False).returncode:
                assert daemon.poll() is None
                assert time.monotonic() < end
        finally:
            daemon.send_signal(signal.SIGINT)
        assert daemon.wait(PATIENCE) == 0


def test_every_command_of_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    told = commands()
    assert len(told) > 18
    with serving() as site:
        text = "A ferry sails from the harbour on Monday."
        site.answers["/a"] = Answer.feed(rss(item("https://a.example/1", title="The ferry sails again", body=text)))
        site.answers["/b"] = Answer.feed(rss(item("https://b.example/1", title="Election results are in")))
        environ = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "AGGREGATOR__FETCH__ALLOW_NETWORKS": '["127.0.0.0/8"]',
            "AGGREGATOR__FETCH__HOST_DELAY": "0s",
            "AGGREGATOR__WEB__LISTEN": "off",
        }
        printed = ""
        for written, until_interrupted in told:
            command = written.replace(FEEDS[0], site.url("/a")).replace(FEEDS[1], site.url("/b"))
            if until_interrupted:
                interrupt_when_well(command, tmp_path, environ)
                continue
            words = ["bash", "-c", command]
            done = subprocess.run(words, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=PATIENCE)  # noqa: PLW1510
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
            printed += done.stdout + done.stderr
    assert "2 new" in printed
    assert "1 found" in printed
    assert "exit status 78" in printed
    assert re.search(r"aggregator\.toml:\d+:\d+", printed)
