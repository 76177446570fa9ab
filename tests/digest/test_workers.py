"""Worker processes: a hostile document costs itself."""

import asyncio
import os
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

from aggregator.digest.job import DigestJob
from aggregator.digest.worker import DigestBugError, read_document
from aggregator.digest.workers import Digester
from aggregator.model import Digest, Unreadable
from tests.e2e.site import item, rss

JOB = DigestJob(
    feed_url="https://site.example/feed",
    url="https://site.example/feed",
    body=rss(item("https://site.example/1", guid="1"), item("https://site.example/2", title="Two", guid="2")).encode(),
    content_type="application/xml",
    now=datetime(2026, 6, 24, tzinfo=UTC),
    known={},
    link_identity=False,
    enabled=frozenset({"language", "summary"}),
)


def read_or_end(job: DigestJob) -> Digest | Unreadable:
    """Read a document, unless its address says how it ends its worker."""
    match job.url:
        case "hang":
            time.sleep(1000)
        case "die":
            os.kill(os.getpid(), 9)
        case "swell":
            hoard = [bytes(10_000_000) for _ in range(1000)]
            raise AssertionError(len(hoard))
        case "bug":
            raise ValueError("a bug in a parser")
    return read_document(job)


async def test_known_entries_are_left_out() -> None:
    """An entry whose hash is known costs nothing after parsing."""
    async with Digester(1) as digester:
        first = await digester(JOB)
        assert isinstance(first, Digest)
        assert [draft.title for draft in first.drafts] == ["A story about something", "Two"]
        window = {draft.identity.guid_hash: draft.entry_hash for draft in first.drafts[:1]}
        again = await digester(replace(JOB, known=window))
    assert isinstance(again, Digest)
    assert [draft.title for draft in again.drafts] == ["Two"]
    assert [identity.guid for identity in again.known] == ["1"]


async def test_a_lost_worker_costs_one_document() -> None:
    """XM-14, XM-15: what hangs, dies or swells is a value, and what waited with it in the same lot is read."""
    urls = ["https://site.example/feed", "hang", "die", "https://site.example/feed", "swell", "die", JOB.url, JOB.url]
    async with Digester(1, seconds=4, read=read_or_end) as digester:
        ends = await asyncio.gather(*(digester(replace(JOB, url=url)) for url in urls))
    assert [end.kind if isinstance(end, Unreadable) else "read" for end in ends] == [
        *("read", "parse-timeout", "parse-crashed", "read", "parse-crashed", "parse-crashed", "read", "read")
    ]


async def test_a_bug_is_raised_with_its_traceback_and_the_worker_goes_on() -> None:
    """A bug is no answer about the document."""
    async with Digester(1, read=read_or_end) as digester:
        ends = await asyncio.gather(digester(replace(JOB, url="bug")), digester(JOB), return_exceptions=True)
    assert isinstance(ends[0], DigestBugError)
    assert "a bug in a parser" in str(ends[0])
    assert isinstance(ends[1], Digest)


async def test_a_pool_that_is_left_leaves_nothing_running() -> None:
    """Leaving does not wait for a document that hangs."""
    async with Digester(2, read=read_or_end) as digester:
        given_up = asyncio.ensure_future(digester(replace(JOB, url="hang")))
        await digester(JOB)
        given_up.cancel()
    assert not [thread for thread in threading.enumerate() if thread.name == "digest"]
