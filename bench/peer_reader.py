"""The peer: `reader`, in an environment of its own. ``python peer_reader.py DB URLS``.

For each line on its input it polls all feeds and prints wall seconds, CPU seconds and the number of entries it has.
"""

import sys
import time
from pathlib import Path

from reader import make_reader  # type: ignore[import-not-found]

with make_reader(sys.argv[1]) as reader:
    for url in Path(sys.argv[2]).read_text().split():
        reader.add_feed(url, exist_ok=True)
    print("ready", flush=True)
    for _ in sys.stdin:
        started, spent = time.perf_counter(), time.process_time()
        reader.update_feeds(scheduled=False, workers=1)  # its best here: feedparser holds the interpreter
        wall, cpu = time.perf_counter() - started, time.process_time() - spent
        print(wall, cpu, reader.get_entry_counts().total, flush=True)
