"""How fast the site is over a large store. ``python -m bench.site --records 1000000 --keep FOLDER``."""

import argparse
import asyncio
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

from aggregator.daemon import clock
from aggregator.settings import Settings
from aggregator.settings.models import WebSettings
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from aggregator.web.serving import serving
from bench.commit import fill
from bench.wrk import IS_INSTALLED, reading

_VOCABULARY = 20_000  # words, the n-th of which is said n times more seldom than the first
_WORDS = 120  # a body
_TOPICS = 200
_BATCH = 500
_READING = 5  # seconds
_PAGES: dict[str, Callable[[int], str]] = {
    "front page": lambda n: f"/?before={1_780_000_000 - n}-0" if n % 2 else "/",
    "topic page": lambda n: f"/topic/topic{n % _TOPICS}",
    "search, rare": lambda n: f"/search?q=word{3000 + n}",
    "search, two words": lambda n: f"/search?q=word{50 + n}+word{300 + n}",
    "search, common": lambda n: f"/search?q=word{1 + n % 3}",
    "search, topic": lambda n: f"/search?q=word{200 + n}+topic:topic{n % 9}",
    "source page": lambda n: f"/source/{n % 10 + 1}",
    "feeds": lambda _: "/feeds",
    "topics": lambda _: "/topics",
    "record page, cold": lambda n: f"/news/story-{79 * (n + 1)}",
}


def main() -> None:
    """Print what indexing takes, the milliseconds of each page, and the requests a second of record pages."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=60)
    options.add_argument("--keep", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = (given.keep or Path(temporary)) / "store.sqlite"
        if not path.exists():
            fill(path, records=given.records, feeds=max(10, given.records // 1000))
            _say_something(path)
        store = open_store(f"sqlite:///{path}")
        with store.exclusive("bench"):
            _index(store)
            print(f"{given.records:,} records in {path.stat().st_size / 2**30:.1f} GiB; ms a page")
            asyncio.run(_measure(store, given.records, given.rounds))
            store.close()


def _say_something(path: Path) -> None:
    """Give the records words, topics, languages and dates."""
    chance = random.Random(1)
    weights = list(accumulate(1 / n for n in range(1, _VOCABULARY + 1)))
    words = [f"word{n}" for n in range(1, _VOCABULARY + 1)]

    def text(count: int) -> str:
        return " ".join(chance.choices(words, cum_weights=weights, k=count))

    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;")
    connection.create_function("said", 1, text)
    connection.execute(
        "UPDATE records SET slug='story-'||id, title=said(8), summary=said(25), body_md=said(?),"
        " topics=json_array('topic'||(id%?), 'topic'||(id*7%?)), lang=CASE id%5 WHEN 0 THEN 'de' ELSE 'en' END,"
        " published_at=strftime('%Y-%m-%d %H:%M:%S.000000+00:00', 1740000000+id*40, 'unixepoch'),"
        " first_seen_at=strftime('%Y-%m-%d %H:%M:%S.000000+00:00', 1740000100+id*40, 'unixepoch')",
        (_WORDS, _TOPICS, _TOPICS),
    )
    # ANALYZE of tables that are still empty makes every merge of the index read all of it.
    connection.execute("DELETE FROM sqlite_stat1 WHERE tbl LIKE 'search%' OR tbl LIKE 'label%'")
    connection.commit()
    connection.close()


def _index(store: Store) -> None:
    began, count, more = time.perf_counter(), 0, 1
    while more:
        with store.work() as work:
            more = work.indexing.catch_up(limit=_BATCH)
        count += more
    took = time.perf_counter() - began
    if count:
        print(f"indexed in {took:.0f} s, {1000 * took / (count / 2):.2f} ms a record")


async def _measure(store: Store, records: int, rounds: int) -> None:
    async with serving(Settings(web=WebSettings(listen="127.0.0.1:0")), store, clock) as port:
        print(f"{'':20}{'median':>10}{'p95':>10}{'KB':>8}")
        for name, path in _PAGES.items():
            costs, sizes = await _timed(port, [path(number) for number in range(rounds)])
            print(
                f"{name:20}{statistics.median(costs):>10.1f}{sorted(costs)[int(0.95 * len(costs))]:>10.1f}"
                f"{max(sizes) / 1000:>8.1f}"
            )
        if not IS_INSTALLED:
            print("record pages a second: not measured, as wrk is not installed (apt install wrk)")
            return
        for what, numbers in {"kept": range(1, 501), "any": range(1, records, max(1, records // 100_000))}.items():
            spent = time.process_time()
            async with reading(port, [f"/news/story-{number}" for number in numbers]) as read:
                await asyncio.sleep(_READING)
            cpu = time.process_time() - spent
            print(
                f"record pages, {what}: {read.pages / read.seconds:.0f} a second, each {1000 * cpu / read.pages:.2f} ms"
                f" of CPU: one core has time for {read.pages / cpu:.0f}"
            )


async def _timed(port: int, paths: Sequence[str]) -> tuple[list[float], list[int]]:
    """Ask for pages one after the other on one connection; return the milliseconds and the bytes of each."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    costs, sizes = [], []
    for path in paths:
        began = time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), (path, head)
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        costs.append(1000 * (time.perf_counter() - began))
        sizes.append(length)
    writer.close()
    return costs, sizes


if __name__ == "__main__":
    main()
