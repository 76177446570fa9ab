"""A million feeds in PostgreSQL, polled by two processes on a network that is made up. ``python -m bench.scale``.

The queue, the claims, the commits and the schedule are those of `aggregator worker`; a request takes 0.2 seconds.
"""

import argparse
import json
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psutil
import psycopg

from aggregator.model import FeedConfig
from aggregator.store.fleet import fleet_of, fleet_standing
from aggregator.store.postgres.store import PostgresStore
from aggregator.store.sqlite.feed_rows import bucket_of
from tests.postgres import serving

# As an operator has it: what is committed is on the disk.
_SERVER = "-c shared_buffers=2GB -c max_wal_size=8GB -c checkpoint_timeout=15min"
_LEAD = 45.0  # seconds for the processes to start, and to share the buckets
_PROBE_EVERY = 5.0
_COPY = (
    "COPY feeds (url, fetch_url, active, position, origin, bucket, state, etag, validators_url, body_hash, added_at,"
    " last_poll_at, last_ok_at, digested_at, next_poll_at, interval_seconds) FROM STDIN"
)
_SIZES = ("feeds", "origins", "polls", "records", "revisions", "sightings", "changes", "bands", "signatures")


@dataclass(slots=True)
class Seen:
    """What was measured from outside, while they polled."""

    idle: list[float] = field(default_factory=list)  # seconds that the dispatcher's query took
    jobs: list[int] = field(default_factory=list)  # in the queue at that moment


def main() -> None:
    """Fill a database, have it polled, and print what that took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--feeds", type=int, default=1_000_000)
    options.add_argument("--origins", type=int, default=100_000)
    options.add_argument("--every", type=float, default=3600.0, help="seconds in which each feed is due once")
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--concurrency", type=int, default=64, help="requests under way at once, of each process")
    options.add_argument("--new", type=float, default=0.02, help="share of the polls that bring a new entry")
    options.add_argument("--enrol", action="store_true", help="also measure what each process does at its start")
    given = options.parse_args()
    with serving(_SERVER) as server:
        url = server.fresh()
        begin = time.perf_counter()
        start = datetime.now(UTC) + timedelta(seconds=_LEAD + given.feeds / 20_000)
        fill(url, given, start)
        print(f"{given.feeds:,} feeds of {given.origins:,} origins, filled in {time.perf_counter() - begin:.0f} s")
        _sizes(url, given.feeds)
        with psycopg.connect(url, autocommit=True) as sql:
            _report(url, sql, given, start)
        if given.enrol:
            _enrol(url, given)


def fill(url: str, given: argparse.Namespace, start: datetime) -> None:
    """Write feeds that have been polled before, due one after the other from ``start`` on."""
    chance = random.Random(1)
    with psycopg.connect(url) as sql:
        indexes = sql.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename='feeds' AND indexdef NOT LIKE '%UNIQUE%'"
        ).fetchall()
        for name, _ in indexes:
            sql.execute(f"DROP INDEX {name}")
        with sql.cursor().copy("COPY origins (origin) FROM STDIN") as copy:
            for number in range(given.origins):
                copy.write_row((_origin(number),))
        buckets = [bucket_of(_origin(number)) for number in range(given.origins)]
        before = start - timedelta(hours=1)
        with sql.cursor().copy(_COPY) as copy:
            for number in range(given.feeds):
                place = number % given.origins
                due = start + timedelta(seconds=given.every * chance.random())
                address = _address(number, given.origins)
                state = (True, number, _origin(place), buckets[place], "ok", b'"a tag"', address, b"0123456789abcdef")
                copy.write_row((address, address, *state, before, before, before, before, due, given.every))
        for _, definition in indexes:
            sql.execute(definition)
    with psycopg.connect(url, autocommit=True) as sql:
        sql.execute("VACUUM ANALYZE")
        sql.execute("CHECKPOINT")


def _report(url: str, sql: psycopg.Connection[Any], given: argparse.Namespace, start: datetime) -> None:
    postmaster = _postmaster(sql)
    with _working(url, given) as workers:
        time.sleep(max(0.0, (start - datetime.now(UTC)).total_seconds()))
        seen, cpu, wal = Seen(), _seconds(postmaster), _wal(sql)
        begin, polled = time.time(), _polled(sql)
        first_job = _last_job(sql)
        _watch(url, sql, seen, given.minutes * 60)
        took = time.time() - begin
        polls, jobs = _polled(sql) - polled, _last_job(sql) - first_job
        spent, written = _seconds(postmaster) - cpu, _wal(sql) - wal
    told = [json.loads(worker.stdout.read()) for worker in workers if worker.stdout]
    due = given.feeds * took / given.every
    late = sorted(seconds for each in told for seconds in each["late"])
    claims = sorted(1000 * seconds for each in told for seconds in each["claims"])
    idle = sorted(1000 * seconds for seconds in seen.idle)
    print(f"\n{took:.0f} s: {polls:,} polls, {polls / took:.0f}/s; due were {due:,.0f}, {due / took:.0f}/s")
    print(f"results: { {name: sum(each['results'].get(name, 0) for each in told) for name in told[0]['results']} }")
    print(_spread("lateness, s", late))
    print(_spread("claim, ms", claims))
    print(_spread("dispatcher, ms", idle))
    print(
        f"jobs: {jobs / took:.1f}/s; in the queue {statistics.mean(seen.jobs):.0f} on average, {max(seen.jobs)} at most"
    )
    ours = sum(each["cpu"] for each in told)
    print(f"CPU: workers {ours:.0f} s ({1000 * ours / len(late):.2f} ms a poll, their start included), ", end="")
    print(f"PostgreSQL {spent:.0f} s ({1000 * spent / polls:.2f} ms a poll)")
    print(f"WAL {written / polls:,.0f} bytes a poll; MB of each worker: {[each['rss'] >> 20 for each in told]}")
    _sizes(url, given.feeds)


def _enrol(url: str, given: argparse.Namespace) -> None:
    """Compare the feeds of a configuration, which are those of the store, with it; and ask how they all do."""
    feeds = [
        FeedConfig(url=_address(number, given.origins), interval=timedelta(seconds=given.every))
        for number in range(given.feeds)
    ]
    store, now = PostgresStore(url), datetime.now(UTC)
    with store.work() as work:
        for name, act in (
            ("a start", lambda: work.feeds.sync(feeds, now)),
            ("/metrics", lambda: (work.schedule.standing(now), fleet_standing(work, now))),
        ):
            begin, spent = time.perf_counter(), time.process_time()
            act()
            print(f"{name}: {time.perf_counter() - begin:.2f} s, {time.process_time() - spent:.2f} s of CPU here")
    store.close()


def _spread(name: str, figures: Sequence[float]) -> str:
    def at(share: float) -> float:
        return figures[min(len(figures) - 1, int(share * len(figures)))]

    shares = "  ".join(f"{what} {at(share):.2f}" for what, share in (("median", 0.5), ("p95", 0.95), ("p99", 0.99)))
    return f"{name:16} {shares}  most {figures[-1]:.2f}  of {len(figures):,}"


@contextmanager
def _working(url: str, given: argparse.Namespace) -> Iterator[list["subprocess.Popen[str]"]]:
    command = [sys.executable, "-m", "bench.scale_worker", url, str(given.concurrency), str(given.new)]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(given.workers)]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)


def _watch(url: str, sql: psycopg.Connection[Any], seen: Seen, seconds: float) -> None:
    store, end = PostgresStore(url), time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(_PROBE_EVERY)
        now = datetime.now(UTC)
        with store.work() as work:
            begin = time.perf_counter()
            fleet_of(work).idle(now)
            seen.idle.append(time.perf_counter() - begin)
        seen.jobs.append(_number(sql, "SELECT count(*) FROM procrastinate_jobs"))
    store.close()


def _sizes(url: str, feeds: int) -> None:
    with psycopg.connect(url) as sql:
        for table in _SIZES:
            heap, indexes = sql.execute(f"SELECT pg_table_size('{table}'), pg_indexes_size('{table}')").fetchall()[0]
            rows = feeds if table == "feeds" else _number(sql, f"SELECT count(*) FROM {table}")
            if rows:
                print(
                    f"{table:12}{rows:>12,} rows {heap / rows:>8,.0f} bytes each, and {indexes / rows:,.0f} in indexes"
                )


def _postmaster(sql: psycopg.Connection[Any]) -> psutil.Process:
    backend = psutil.Process(sql.info.backend_pid)
    parent = backend.parent()
    assert parent is not None
    return parent


def _seconds(postmaster: psutil.Process) -> float:
    """Return the CPU time of the server: of its processes, and of those that have ended."""
    own = postmaster.cpu_times()
    living = [child.cpu_times() for child in postmaster.children()]
    return (
        own.user
        + own.system
        + own.children_user
        + own.children_system
        + sum(each.user + each.system for each in living)
    )


def _wal(sql: psycopg.Connection[Any]) -> int:
    return _number(sql, "SELECT (pg_current_wal_lsn() - '0/0')::bigint")


def _polled(sql: psycopg.Connection[Any]) -> int:
    return _number(sql, "SELECT count(*) FROM polls")


def _last_job(sql: psycopg.Connection[Any]) -> int:
    return _number(sql, "SELECT last_value FROM procrastinate_jobs_id_seq")


def _number(sql: psycopg.Connection[Any], query: str) -> int:
    return int(sql.execute(query.encode()).fetchall()[0][0])


def _address(number: int, origins: int) -> str:
    return f"https://{_origin(number % origins)}/feed/{number}"


def _origin(number: int) -> str:
    return f"site{number}.example"


if __name__ == "__main__":
    main()
