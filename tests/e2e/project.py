"""A folder with a configuration, and the program run in it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

# The program under test: the checkout, or one that is installed elsewhere.
_INSTALLED = os.environ.get("AGGREGATOR_PROGRAM")
COMMAND = [_INSTALLED] if _INSTALLED else [sys.executable, "-m", "aggregator"]
_CONFIG = """
[site]
base_url = "https://wpnews.pro"
[web]
listen = "off"
[store]
url = "sqlite:///store.sqlite"
[fetch]
allow_networks = ["127.0.0.0/8"]
host_delay = "0s"
timeout = "10s"
per_host = 8
"""


class Daemon(subprocess.Popen[bytes]):
    """A daemon that does not outlive a test that fails."""

    def __exit__(self, *failure: object) -> None:
        """Wait for its end, or make it."""
        if failure[0] is not None:
            self.kill()
        super().__exit__(None, None, None)


class Project:
    """Runs commands on ``aggregator.toml`` of a folder."""

    def __init__(self, folder: Path, feeds: Iterable[str], more: str = "", command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self.folder = folder
        self.config = folder / "aggregator.toml"
        listed = "".join(f'[[feeds]]\nurl = "{url}"\n' for url in feeds)
        self.config.write_text(_CONFIG + more + listed)

    def run(self, *words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; it has to exit with ``status``."""
        done = subprocess.run(
            [*self._command, *words, "-c", str(self.config)], capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == status, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def start(self, environ: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start the daemon, its environment with ``environ`` besides; its log goes to ``daemon.log``."""
        with (self.folder / "daemon.log").open("ab") as log:
            command = [*self._command, "run", "-c", str(self.config)]
            return Daemon(command, stdout=log, stderr=log, env={**os.environ, **(environ or {})})

    def log(self) -> list[dict[str, Any]]:
        """Return the daemon's log lines."""
        return [json.loads(line) for line in (self.folder / "daemon.log").read_text().splitlines()]

    def records(self, *words: str) -> list[dict[str, Any]]:
        """Return what ``aggregator export`` writes."""
        return [json.loads(line) for line in self.run("export", *words).stdout.split("\n")[:-1]]
