"""Ours, beside ``peer_reader``: ``python -m bench.rounds CONFIG``.

For each line on its input it polls all feeds and prints wall seconds, CPU seconds of the whole tree of processes, and
the number of changes so far.
"""

import asyncio
import sys
import time
from pathlib import Path

import psutil

from aggregator.daemon import clock, poller_for, polling
from aggregator.digest.job import DigestJob
from aggregator.feeds import Configuration, load
from aggregator.poll import Tools
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from bench.corpus import documents


async def main(configuration: Configuration, store: Store) -> None:
    """Serve lines until the input closes."""
    async with polling(configuration, store) as tools:
        await asyncio.gather(*(tools.digest(_job(body)) for body in documents(4)))  # as in a daemon, its workers are up
        print("ready", flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            started, spent = time.perf_counter(), _spent()
            await _poll(tools, configuration)
            wall, cpu = time.perf_counter() - started, _spent() - spent
            print(wall, cpu, await tools.write(lambda work: work.log.last()), flush=True)


def _job(body: bytes) -> DigestJob:
    return DigestJob(
        feed_url="http://a.example/",
        url="http://a.example/",
        body=body,
        content_type=None,
        now=clock(),
        known={},
        link_identity=False,
        enabled=frozenset({"language"}),
    )


async def _poll(tools: Tools, configuration: Configuration) -> None:
    now = clock()
    await tools.write(lambda work: work.feeds.ask(None, now, recent=now))
    await poller_for(tools, configuration.settings, on_report=lambda _: None, asked_only=True).poll_due()


def _spent() -> float:
    me = psutil.Process()
    times = [process.cpu_times() for process in (me, *me.children(recursive=True))]
    return float(sum(each.user + each.system for each in times))


if __name__ == "__main__":
    loaded = load(Path(sys.argv[1]), {})
    opened = open_store(loaded.settings.store.url, create=True)
    with opened.exclusive("bench"):
        asyncio.run(main(loaded, opened))
