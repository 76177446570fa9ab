"""``make bench``: how fast stored records become lines.

Run as ``python -m bench.export [--records N] [--rounds N]``. A line is counted over the whole run of the command, its
start included.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from aggregator.model import FeedConfig
from aggregator.store.location import open_store
from tests.store.factory import NOW, a_digest, a_draft, poll

_FEED = "https://bench.example/feed"
_BODY = "The harbour ferry sails again from Monday, after repairs — they took “eleven” weeks. " * 24  # 2 KB
_COMMANDS = {
    "records": (),
    "records, .gz": ("--gzip",),
    "changes": ("--changes",),
    "csv": ("--format", "csv"),
}


def main() -> None:
    """Fill a store, export it each way, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--records", type=int, default=100_000)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / "aggregator.toml"
        config.write_text('[store]\nurl = "sqlite:///bench.sqlite"\n')
        fill(folder / "bench.sqlite", options.records)
        print(f"export of {options.records} records of 2 KB, median of {options.rounds} rounds")
        print(f"{'':16}{'lines/s':>10}{'wall s':>10}{'CPU s':>10}")
        for what, words in _COMMANDS.items():
            runs = [_export(config, words) for _ in range(options.rounds)]
            wall, cpu = (statistics.median(figures) for figures in zip(*runs, strict=True))
            print(f"{what:16}{options.records / wall:>10.0f}{wall:>10.2f}{cpu:>10.2f}", flush=True)


def fill(path: Path, records: int) -> None:
    """Write a store of so many records, a thousand a poll."""
    store = open_store(f"sqlite:///{path}", create=True)
    with store.work() as work:
        work.feeds.sync([FeedConfig(url=_FEED)], NOW)
    for first in range(0, records, 1000):
        numbers = range(first, min(first + 1000, records))
        drafts = [a_draft(f"bench.example/{n}", title=f"A story of the harbour {n}", body=_BODY) for n in numbers]
        poll(store, _FEED, a_digest(*drafts), NOW + timedelta(hours=first))
    store.close()


def _export(config: Path, words: tuple[str, ...]) -> tuple[float, float]:
    """Return seconds of wall time and of CPU."""
    command = [sys.executable, "-m", "aggregator", "export", *words, "-c", str(config)]
    before, started = os.times(), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - started, os.times()
    return wall, after.children_user - before.children_user + after.children_system - before.children_system


if __name__ == "__main__":
    main()
