"""One process of a fleet on a network that is made up: ``python -m bench.scale_worker URL CONCURRENCY NEW``.

It is `aggregator worker` but for the network and for what reads documents: every request takes 0.2 seconds, and is
answered with 304, or for ``NEW`` of them (0 to 1) with a document of 25 entries, one of them new. SIGTERM ends it; then
it prints as JSON what it did.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psutil

from aggregator.cli.logs import configure_logs
from aggregator.daemon import clock, poller_for
from aggregator.digest.job import DigestJob
from aggregator.digest.memory import give_memory_back
from aggregator.digest.workers import Digester
from aggregator.feeds import Configuration
from aggregator.fetch.policy import FetchRequest
from aggregator.fleet.member import Member
from aggregator.jobs import Job, run_jobs, stop_on_signals
from aggregator.model import Digest, Feed, Fetched, FetchResult, NotModified
from aggregator.poll import Report, plain_request
from aggregator.poller import Poller
from aggregator.schedule.next_poll import chance_of
from aggregator.settings import Settings
from aggregator.store.contract import Work
from aggregator.store.postgres.store import PostgresStore
from aggregator.store.writer import Writer
from aggregator.tooling import Workshop, budget_of
from bench.commit import digest_of

_SECONDS = 0.2  # that a request takes
_ENTRIES = 25


class Network:
    """Answers, and notes how late each feed was asked for."""

    def __init__(self, new: float) -> None:
        self._new = new
        self.late: list[float] = []  # seconds

    def request(self, feed: Feed) -> FetchRequest:
        """Return the request of a feed, which is sent at once."""
        self.late.append((clock() - feed.next_poll_at).total_seconds())
        return plain_request(feed)

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Answer after a while."""
        await asyncio.sleep(_SECONDS)
        now = clock().isoformat()
        if request.validators is None or chance_of(f"{request.url} {now}") < self._new:
            body = f"{request.url} {now}".encode()
            return Fetched(
                url=request.url,
                permanent_url=None,
                status=200,
                body=body,
                headers={},
                validators=request.validators,
                retry_after=None,
                wire_bytes=10_000,
            )
        return NotModified(
            url=request.url, permanent_url=None, headers={}, validators=request.validators, retry_after=None
        )

    async def digest(self, job: DigestJob) -> Digest:
        """Read a document."""
        number = int(job.feed_url.rpartition("/")[2])
        return digest_of(number, list(job.known)[:_ENTRIES], new=1, day=1)


async def main(url: str, concurrency: int, new: float) -> None:
    """Poll until a signal comes, and say what came of it."""
    configure_logs()
    give_memory_back()
    stopping, store, network = stop_on_signals(), PostgresStore(url), Network(new)
    settings = Settings()
    settings = settings.model_copy(update={"fetch": settings.fetch.model_copy(update={"concurrency": concurrency})})
    results: Counter[str] = Counter()
    claims: list[float] = []
    with store.joined("bench.scale") as queue:
        async with Writer(store, patient=True) as write, Digester(0) as digester:
            member = Member(queue, write, clock)

            def claim(
                work: Work, now: datetime, /, *, limit: int, per_origin: int, token: str, lease_until: datetime
            ) -> list[Feed]:
                begin = time.perf_counter()
                feeds = member.claim(
                    work, now, limit=limit, per_origin=per_origin, token=token, lease_until=lease_until
                )
                claims.append(time.perf_counter() - begin)
                return feeds

            workshop = Workshop(write=write, digester=digester, clock=clock, guard=member.guard)
            configuration = Configuration(settings=settings, feeds=(), notes=())
            async with workshop.tools(configuration, budget_of(settings)) as real:
                tools = replace(real, fetch=member.guard(network.fetch), digest=network.digest, request=network.request)
                poller = poller_for(tools, settings, claim=claim, on_report=lambda report: _count(report, results))
                async with member.polling(poller, lambda: tools.budget):
                    await run_jobs(
                        [Job(poller.poll_due, timedelta(seconds=1)), *member.jobs],
                        stopping,
                        lambda: _drain(member, poller),
                    )
    spent = psutil.Process().cpu_times()
    told = {"late": network.late, "claims": claims, "results": results, "cpu": spent.user + spent.system}
    print(json.dumps({**told, "rss": psutil.Process().memory_info().rss, "at": datetime.now(UTC).isoformat()}))


def _count(report: Report, results: Counter[str]) -> None:
    results[report.outcome.result] += 1
    results["new records"] += report.applied.new


async def _drain(member: Member, poller: Poller) -> None:
    member.stop()
    await poller.drain(30)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
