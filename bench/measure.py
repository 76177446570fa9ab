"""One command as a whole process tree: wall seconds, CPU seconds, peak memory."""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run took; memory is the sum over the tree at its worst moment, in MB of resident set: pages that
    processes share count for each of them."""

    wall: float
    cpu: float
    peak_mb: float
    output: str


def measure(command: Sequence[str], **environment: str) -> Cost:
    """Run a command to its end. Raises CalledProcessError when it fails."""
    before = os.times()
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    ) as process:
        memory = _Memory(process.pid)
        memory.start()
        output, errors = process.communicate()
        memory.done.set()
        memory.join()
    wall = time.perf_counter() - started
    after = os.times()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output, errors[-2000:])
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return Cost(wall=wall, cpu=cpu, peak_mb=memory.peak / 2**20, output=output)


class _Memory(threading.Thread):
    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._root = psutil.Process(pid)
        self.peak = 0
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.25):
            self.peak = max(self.peak, self._now())

    def _now(self) -> int:
        try:
            tree = [self._root, *self._root.children(recursive=True)]
            return sum(process.memory_info().rss for process in tree)
        except psutil.Error:
            return 0
