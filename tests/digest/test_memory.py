"""Whether memory goes back to the system."""

import subprocess
import sys

import pytest

# Large blocks that come and go, while small ones stay behind each.
_PROGRAM = """
import psutil
from aggregator.digest.memory import give_memory_back
{call}
before = psutil.Process().memory_info().rss
seen, kept = b"x" * 20_000_000, []
del seen
for _ in range(10):
    large = [b"x" * 2_000_000 for _ in range(10)]
    kept.append([b"x" * 600 for _ in range(100)])
    del large[:]
print(psutil.Process().memory_info().rss - before)
"""


# Threads that take memory in turn, and leave all of it but a little.
_THREADS = """
import psutil
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from aggregator.digest.memory import give_memory_back
{call}
before, barrier, kept = psutil.Process().memory_info().rss, Barrier(8), []
def use(number):
    barrier.wait()
    large = [b"x" * 10_000 for _ in range(300)]
    kept.append(b"x" * 600)
with ThreadPoolExecutor(8) as threads:
    for _ in range(10):
        list(threads.map(use, range(8)))
    print(psutil.Process().memory_info().rss - before)
"""


def grown(call: str, program: str = _PROGRAM) -> int:
    """Return by how many bytes such a program has grown."""
    return int(
        subprocess.run([sys.executable, "-c", program.format(call=call)], capture_output=True, check=True).stdout
    )


def test_large_blocks_go_back_to_the_system() -> None:
    """XM-14: what a large document took is free for others."""
    if grown("") < 10_000_000:
        pytest.skip("this system's allocator returns them anyway")
    assert grown("give_memory_back()") < 5_000_000


def test_threads_share_what_is_free() -> None:
    """The threads of one Python take turns, and have no use for memory of their own."""
    kept = grown("", _THREADS)
    if kept < 5_000_000:
        pytest.skip("this system's allocator shares it anyway")
    assert grown("give_memory_back()", _THREADS) < kept / 2
