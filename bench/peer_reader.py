"""The peer: `reader` polls the same feeds. Runs in an environment of its own: ``python peer_reader.py DB URLS``."""

import sys
from pathlib import Path

from reader import make_reader  # type: ignore[import-not-found]

with make_reader(sys.argv[1]) as reader:
    for url in Path(sys.argv[2]).read_text().split():
        reader.add_feed(url, exist_ok=True)
    reader.update_feeds(workers=1)  # its best here: feedparser holds the interpreter
    print(reader.get_entry_counts().total)
