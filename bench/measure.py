"""One command as a whole process tree: wall seconds, CPU seconds, peak memory."""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

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


class Rounds:
    """A program that does its work anew for each line it is sent, and says what that took: ``WALL CPU OUTPUT``."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._memory = _Memory(self._process.pid)
        self._memory.start()
        assert self._read() == "ready"
        return self

    def round(self) -> Cost:
        """Do it once more; the peak is that of all rounds so far."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        wall, cpu, output = self._read().split()
        return Cost(wall=float(wall), cpu=float(cpu), peak_mb=self._memory.peak / 2**20, output=output)

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._memory.done.set()
        self._memory.join()


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
