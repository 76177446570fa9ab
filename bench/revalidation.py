"""Polls a second that end in a 304, store included, in one process. ``python -m bench.revalidation``."""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aggregator.daemon import clock, poller_for, polling
from aggregator.feeds import Configuration, load
from aggregator.poll import Report
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from bench.polling import CONFIG, feed_tables, serving

_FEEDS = 1000
_ROUNDS = 5


def main() -> None:
    """Print a line for each case."""
    print(f"304s of {_FEEDS} feeds, each on a host of its own, median of {_ROUNDS} rounds")
    print(f"{'':40}{'polls/s':>10}{'CPU ms':>10}")
    for name, connections, delay_ms in (("32 connections", 32, 0), ("300 connections, 100 ms latency", 300, 100)):
        with serving(_FEEDS, delay_ms) as server, _configured(server.urls, connections) as configuration:
            store = open_store(configuration.settings.store.url, create=True)
            with store.exclusive("bench"):
                rates, costs = asyncio.run(_measure(configuration, store))
        print(f"{name:40}{statistics.median(rates):>10.0f}{1000 * statistics.median(costs):>10.2f}")


@contextmanager
def _configured(urls: list[str], connections: int) -> Iterator[Configuration]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "aggregator.toml"
        limits = CONFIG.replace("[fetch]", f"[fetch]\nconcurrency = {connections}")
        path.write_text(limits + feed_tables(urls))
        yield load(path, {})


async def _measure(configuration: Configuration, store: Store) -> tuple[list[float], list[float]]:
    """Return polls a second, and CPU seconds a poll, of each round after the first, which fetches everything."""
    rates, costs = [], []
    reports: list[Report] = []
    async with polling(configuration, store) as tools:
        for number in range(_ROUNDS + 1):
            now = clock()
            await tools.write(lambda work, now=now: work.feeds.ask(None, now, recent=now))  # type: ignore[misc]
            reports.clear()
            poller = poller_for(tools, configuration.settings, on_report=reports.append, asked_only=True)
            started, spent = time.perf_counter(), sum(os.times()[:2])
            await poller.poll_due()
            if number:
                assert {report.outcome.result for report in reports} == {"not-modified"}
                rates.append(len(reports) / (time.perf_counter() - started))
                costs.append((sum(os.times()[:2]) - spent) / len(reports))
    return rates, costs


if __name__ == "__main__":
    main()
