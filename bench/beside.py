"""What serving the site takes from polling, in one process: ``python -m bench.beside [--feeds N] [--rate R]``.

Every feed has one new entry in each round. Rounds with and without somebody who reads record pages take turns; who
reads is a process of its own, on the same cores.
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from aggregator.daemon import clock, poller_for, polling
from aggregator.feeds import Configuration, load
from aggregator.poll import Tools
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from aggregator.web.serving import serving as serving_site
from bench.polling import CONFIG, Server, feed_tables, serving

_PAGES = 50


def main() -> None:
    """Print polls a second without and with readers, how many pages those got, and how soon."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--feeds", type=int, default=400)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--rate", type=int, default=500)
    given = options.parse_args()
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
        with store.read() as work:
            rows = [row for rows in work.records.rows() for row in rows][:_PAGES]
        rates: dict[bool, list[float]] = {False: [], True: []}
        said = ""
        for number in range(2 * given.rounds):
            await asyncio.to_thread(server.serve, f"{number + 1} 0")
            is_read = bool(number % 2)
            reader = _reader(port, [str(row[0]) for row in rows], given.rate) if is_read else None
            if reader and reader.stdout:
                await asyncio.to_thread(reader.stdout.readline)  # it has begun
            began = time.perf_counter()
            await _polled(tools, configuration)
            rates[is_read].append(given.feeds / (time.perf_counter() - began))
            if reader:
                said, _ = await asyncio.to_thread(reader.communicate, "stop\n")
        without, with_readers = (statistics.median(rates[each]) for each in (False, True))
        print(f"{given.feeds} feeds with one new entry each, median of {given.rounds} rounds")
        fall = with_readers / without - 1
        print(f"polls a second: {without:.0f}; while the site is read: {with_readers:.0f} ({fall:+.0%})")
        print(said.strip())


async def _polled(tools: Tools, configuration: Configuration) -> None:
    now = clock()
    await tools.write(lambda work: work.feeds.ask(None, now, recent=now))
    await poller_for(tools, configuration.settings, on_report=lambda _: None, asked_only=True).poll_due()


def _reader(port: int, slugs: list[str], rate: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.beside_reader", str(port), str(rate), *slugs]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    main()
