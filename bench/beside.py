"""What serving the site takes from polling: ``python -m bench.beside [--feeds N] [--rounds N] [--rate R]``.

Every feed has one new entry in each round, and two cores are busy with polling alone. Three kinds of rounds take turns:
nobody reads; wrk reads a few pages, which the site has kept; wrk reads any page, most of which the site has to make.
The CPU of a page is what the daemon took more than in rounds without readers, divided by pages. "of CPU" is the share
that the site and its reader had of all cores' time: as much of the fall is for want of cores.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from aggregator.daemon import clock, poller_for, polling
from aggregator.feeds import Configuration, load
from aggregator.poll import Tools
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from aggregator.web.serving import serving as serving_site
from bench.polling import CONFIG, Server, feed_tables, serving
from bench.wrk import IS_INSTALLED, Read, reading

_FEW = 500  # pages
_WARMING_UP = 3  # seconds
_CORES = os.cpu_count() or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    wall: float
    daemon: float  # CPU seconds
    reader: float  # CPU seconds
    pages: float = 0.0
    median_ms: float = 0.0


def main() -> None:
    """Print polls a second without and with readers, how many pages those got, how soon, and what a page takes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--feeds", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--rate", type=int, default=500)
    given = options.parse_args()
    if not IS_INSTALLED:
        print("what the site takes from polling: not measured, as wrk is not installed (apt install wrk)")
        return
    with serving(given.feeds) as server, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "aggregator.toml"
        path.write_text(CONFIG + '[web]\nlisten = "127.0.0.1:0"\n' + feed_tables(server.urls))
        configuration = load(path, {})
        store = open_store(configuration.settings.store.url, create=True)
        with store.exclusive("bench"):
            asyncio.run(_measure(configuration, store, server, given))


async def _measure(configuration: Configuration, store: Store, server: Server, given: argparse.Namespace) -> None:
    async with polling(configuration, store) as tools, serving_site(configuration.settings, store, clock) as port:
        await _polled(tools, configuration)
        paths = _paths(store)
        few = paths[:: max(1, len(paths) // _FEW)]
        kinds = {"nobody reads": (), f"{len(few)} pages, kept": few, f"any of {len(paths):,} pages": paths}
        rounds: dict[str, list[_Round]] = {name: [] for name in kinds}
        async with reading(port, few):
            await asyncio.sleep(_WARMING_UP)
        for number in range(given.rounds):
            for place, (name, read) in enumerate(kinds.items()):
                await asyncio.to_thread(server.serve, f"{len(kinds) * number + place + 1} 0")
                rounds[name].append(await _round(tools, configuration, port, read, given.rate))
    print(f"{given.feeds} feeds with one new entry each, median of {given.rounds} rounds")
    _print(given.feeds, rounds)


async def _round(tools: Tools, configuration: Configuration, port: int, paths: Sequence[str], rate: int) -> _Round:
    if not paths:
        return await _timed(tools, configuration, None)
    async with reading(port, paths, rate=rate) as read:
        done = await _timed(tools, configuration, read)
    return replace(done, pages=done.wall * read.pages / read.seconds, median_ms=read.median_ms)


async def _timed(tools: Tools, configuration: Configuration, read: Read | None) -> _Round:
    began, before = time.perf_counter(), _spent(read)
    await _polled(tools, configuration)
    wall, after = time.perf_counter() - began, _spent(read)
    return _Round(wall=wall, daemon=after[0] - before[0], reader=after[1] - before[1])


async def _polled(tools: Tools, configuration: Configuration) -> None:
    now = clock()
    await tools.write(lambda work: work.feeds.ask(None, now, recent=now))
    await poller_for(tools, configuration.settings, on_report=lambda _: None, asked_only=True).poll_due()


def _spent(read: Read | None) -> tuple[float, float]:
    """Return the CPU seconds so far of this process with its children (workers, and who serves the feeds), and of the
    reader."""
    me = psutil.Process()
    mine, readers = 0.0, 0.0
    for each in (me, *me.children(recursive=True)):
        times = each.cpu_times()
        if read and each.pid == read.process.pid:
            readers += times.user + times.system
        else:
            mine += times.user + times.system
    return mine, readers


def _paths(store: Store) -> list[str]:
    with store.read() as work:
        return [f"/news/{row[0]}" for rows in work.records.rows() for row in rows]


def _print(feeds: int, rounds: Mapping[str, Sequence[_Round]]) -> None:
    print(f"{'':26}{'polls/s':>9}{'fall':>7}{'of CPU':>8}{'pages/s':>9}{'ms':>7}{'CPU ms':>8}{'reader':>8}")
    alone = next(iter(rounds.values()))
    polls, daemon = feeds / _median(alone, "wall"), _median(alone, "daemon")
    print(f"{next(iter(rounds)):26}{polls:>9.0f}")
    for name, done in list(rounds.items())[1:]:
        print(f"{name:26}{feeds / _median(done, 'wall'):>9.0f}", end="")
        print(f"{1 - feeds / _median(done, 'wall') / polls:>7.1%}", end="")
        site = [each.daemon - daemon for each in done]
        shares = [(own + each.reader) / each.wall / _CORES for own, each in zip(site, done, strict=True)]
        print(f"{statistics.median(shares):>8.1%}", end="")
        print(
            f"{statistics.median(each.pages / each.wall for each in done):>9.0f}{_median(done, 'median_ms'):>7.1f}",
            end="",
        )
        print(
            f"{statistics.median(1000 * own / each.pages for own, each in zip(site, done, strict=True)):>8.2f}", end=""
        )
        print(f"{statistics.median(1000 * each.reader / each.pages for each in done):>8.2f}")
    print("goal: a fall of less than 10 % at 500 pages a second")


def _median(rounds: Sequence[_Round], figure: str) -> float:
    return float(statistics.median(getattr(each, figure) for each in rounds))


if __name__ == "__main__":
    main()
