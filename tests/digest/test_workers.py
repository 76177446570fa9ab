"""Worker processes: a hostile document costs itself."""

import asyncio
import os
import time
from dataclasses import replace
from datetime import UTC, datetime

from aggregator.digest.job import DigestJob
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


def hang(job: DigestJob) -> Digest:
    """Stand for a document that a parser never finishes."""
    while True:
        time.sleep(1)


def die(job: DigestJob) -> Digest:
    """Stand for a document that ends the process."""
    os.kill(os.getpid(), 9)
    raise AssertionError


def swell(job: DigestJob) -> Digest:
    """Stand for a document that unpacks without end."""
    hoard = [bytes(10_000_000) for _ in range(1000)]
    raise AssertionError(len(hoard))


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
    """XM-14, XM-15: what hangs, dies or swells is a value, and the pool goes on."""
    async with Digester(2, seconds=3) as digester:
        ends = await asyncio.gather(
            digester._run(hang, JOB), digester._run(die, JOB), digester._run(swell, JOB), digester(JOB)
        )
        after = await digester(JOB)
    assert [end.kind if isinstance(end, Unreadable) else "read" for end in ends] == [
        "parse-timeout",
        "parse-crashed",
        "parse-crashed",
        "read",
    ]
    assert isinstance(after, Digest)
