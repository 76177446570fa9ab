"""How long 10,000 feeds take to load, from each kind of list, and to be compared with what a store knows.

    python -m bench.loading

Prints CPU seconds, the best of three, beside the goal of one second.
"""

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from aggregator.feeds import add, compare, load, to_opml
from aggregator.model import FeedConfig, KnownFeed

_FEEDS = 10_000
_GOAL = 1.0  # seconds


def main() -> None:
    """Measure and print."""
    feeds = [
        FeedConfig(url=f"http://site{n % 4000}.example/feeds/{n}.xml", name=f"Feed {n}", tags=("a", "b"))
        for n in range(_FEEDS)
    ]
    known = [KnownFeed(config=feed, fetch_url=feed.url, listed=True) for feed in feeds]
    moved = [FeedConfig(url=feed.url.replace("http:", "https:"), name=feed.name) for feed in feeds]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        configs = _written(folder, feeds)
        for suffix, config in configs.items():
            _tell(f"include a {suffix} of {_FEEDS} feeds", partial(load, config, {}))
        (folder / "own.toml").write_bytes((folder / "list.toml").read_bytes())
        new = iter(range(_FEEDS))
        _tell("feeds add", lambda: add(folder / "own.toml", FeedConfig(url=f"https://new.example/{next(new)}"), {}))
    _tell("compare with the store, every feed moved", lambda: compare(known, moved))


def _written(folder: Path, feeds: list[FeedConfig]) -> dict[str, Path]:
    """Write the feeds as a list of each kind; return configurations that include one each."""
    tables = (f'[[feeds]]\nurl = "{feed.url}"\nname = "{feed.name}"\ntags = ["a", "b"]\n\n' for feed in feeds)
    texts = {
        "toml": "".join(tables),
        "opml": to_opml(feeds, with_secrets=False),
        "txt": "".join(f"{feed.url} {feed.name}\n" for feed in feeds),
    }
    configs = {}
    for suffix, text in texts.items():
        (folder / f"list.{suffix}").write_text(text)
        configs[suffix] = folder / f"{suffix}.aggregator.toml"
        configs[suffix].write_text(f'include = ["list.{suffix}"]\n')
    return configs


def _tell(what: str, work: Callable[[], object]) -> None:
    best = min(_timed(work) for _ in range(3))
    print(f"{what:<42} {best:5.2f} s CPU  (goal < {_GOAL:g})")


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
