"""What committing costs in PostgreSQL, beside SQLite, and several workers at once. ``python -m bench.fleet``."""

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path

import psutil
import psycopg

from aggregator.store.commit import commit
from aggregator.store.contract import Store
from aggregator.store.copying import copy_store
from aggregator.store.location import open_store
from aggregator.store.writer import Writer
from bench.commit import claimed, fill, measured
from tests.postgres import serving

_ENTRIES = 25
_PID = "SELECT pg_backend_pid()"
_DAY = 5  # of the week in which the store was filled: nothing is old yet
_NOW = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=_DAY)


def main() -> None:
    """Print median wall and CPU times of a commit in both kinds of store; then records a second by several workers."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=200, help="commits of each kind, and of each worker")
    options.add_argument("--workers", type=int, default=4)
    given = options.parse_args()
    # As an operator has it: what is committed is on the disk.
    with serving("-c shared_buffers=512MB") as server, tempfile.TemporaryDirectory() as folder:
        url, path = server.fresh(), Path(folder) / "store.sqlite"
        fill(path, records=given.records, feeds=given.workers * given.rounds + 100)
        file, database = open_store(f"sqlite:///{path}"), open_store(url)
        with file.source("bench") as source, database.target() as target:
            copy_store(source, target, lambda _: None)
        print(f"{given.records:,} records; feeds of {_ENTRIES} entries; ms a commit, and of CPU in client and server")
        print(f"{'':12}{'SQLite':>10}{'CPU':>8}{'PostgreSQL':>12}{'client':>8}{'server':>8}{'ratio':>8}")
        for day, (name, new) in enumerate((("all new", _ENTRIES), ("one new", 1), ("none new", 0)), 1):
            ours, cpu = _cost(file, given.rounds, new, day)
            before = _server_seconds(database)
            theirs, client = _cost(database, given.rounds, new, day)
            server_ms = 1000 * (_server_seconds(database) - before) / given.rounds
            ratio = theirs / ours
            print(f"{name:12}{ours:>10.2f}{cpu:>8.2f}{theirs:>12.2f}{client:>8.2f}{server_ms:>8.2f}{ratio:>8.1f}")
        file.close()
        database.close()
        rate = together(url, given.workers, given.rounds)
        workers, backends = rate.cpu(rate.client), rate.cpu(rate.server)
        print(f"\n{given.workers} workers: {rate.records / rate.seconds:,.0f} new records/s", end="")
        print(f" ({workers:.2f} ms of CPU a record in the workers, {backends:.2f} in the server)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What committing together came to; in seconds, those of the CPU for the workers and for all of the server."""

    records: int
    seconds: float
    client: float
    server: float

    def cpu(self, seconds: float) -> float:
        """Return milliseconds a record."""
        return 1000 * seconds / self.records


def together(url: str, workers: int, commits: int) -> Rate:
    """Have so many processes commit so many polls each, all new."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(workers + 1)
    with context.Pool(workers, initializer=_keep, initargs=(barrier,)) as pool:
        asked = pool.starmap_async(_work, [(url, worker, commits) for worker in range(workers)], chunksize=1)
        barrier.wait()
        before = _all_of_the_server(url)
        spans = asked.get()
        server = _all_of_the_server(url) - before
    return Rate(
        records=workers * commits * _ENTRIES,
        seconds=max(end for _, end, _ in spans) - min(begin for begin, _, _ in spans),
        client=sum(spent for *_, spent in spans),
        server=server,
    )


def _keep(barrier: Barrier) -> None:
    _work.barrier = barrier  # type: ignore[attr-defined]


def _work(url: str, worker: int, commits: int) -> tuple[float, float, float]:
    return asyncio.run(_committed(url, worker, commits))


async def _committed(url: str, worker: int, commits: int) -> tuple[float, float, float]:
    async with Writer(open_store(url)) as write:
        outcomes = [
            await write(partial(claimed, number=number, now=_NOW, new=_ENTRIES, day=_DAY))
            for number in range(worker * commits, (worker + 1) * commits)
        ]
        _work.barrier.wait()  # type: ignore[attr-defined]
        begin, spent = time.time(), time.process_time()
        await asyncio.gather(*(write(partial(commit, outcome=outcome)) for outcome in outcomes))
        return begin, time.time(), time.process_time() - spent


def _cost(store: Store, rounds: int, new: int, day: int) -> tuple[float, float]:
    costs = list(measured(store, rounds, new=new, day=day))
    return statistics.median(wall for wall, _ in costs), statistics.median(cpu for _, cpu in costs)


def _all_of_the_server(url: str) -> float:
    """Return the CPU time of the server's processes, with those that have ended."""
    with psycopg.connect(url) as connection:
        server = psutil.Process(connection.info.backend_pid).parent()
    assert server is not None
    spent = sum(server.cpu_times()[:4])
    for process in server.children():
        with suppress(psutil.NoSuchProcess):  # its time is the server's then
            spent += sum(process.cpu_times()[:2])
    return spent


def _server_seconds(store: Store) -> float:
    """Return the CPU time of the process that serves the connection that writes."""
    with store.work() as work:
        (pid,) = work.records._sql.one(_PID)  # type: ignore[attr-defined]  # noqa: SLF001
    return sum(psutil.Process(pid).cpu_times()[:2])


if __name__ == "__main__":
    main()
