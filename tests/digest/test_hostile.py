"""Hostile documents through the whole pipeline, in workers as they are: each ends, and says why."""

import time
from dataclasses import replace

import pytest

from aggregator.digest.workers import PARSE_SECONDS, Digester
from aggregator.model import Digest, Unreadable
from tests.digest.test_workers import JOB
from tests.parse.build import atom, rss

DEPTH = 20_000
CASES = {
    "deep-xml": rss("<a>" * DEPTH + "</a>" * DEPTH),
    "deep-xhtml": atom(
        "<title>x</title><content type='xhtml'>" + "<div>" * DEPTH + "x" + "</div>" * DEPTH + "</content>"
    ),
    "deep-html": rss("<title>x</title><description>" + "&lt;blockquote&gt;" * DEPTH + "x</description>"),
    "deep-lists": rss("<title>x</title><description>" + "&lt;ul&gt;&lt;li&gt;" * DEPTH + "x</description>"),
    "comments": rss("<title>x</title><description>" + "&lt;!--" * DEPTH + "</description>"),
    "long-comment": rss(f"<title>x</title><!--{'a' * 10_000_000}-->"),
    "attributes": rss(*["<x " + " ".join(f"a{n}='1'" for n in range(900)) + "/>"] * 2_000),
    "items": rss(*["<title>x</title>"] * 300_000),
    "surrogate": rss("<title>a&#xD800;b\x0bc</title>"),
    "json": b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 200_000,
}


@pytest.mark.parametrize("name", CASES)
async def test_every_document_ends_within_its_time(name: str) -> None:
    """XM-09, XM-10, XM-11, XM-14, XM-17, XM-18: what a parser cannot finish is ended, and costs one feed."""
    async with Digester(1) as digester:
        await digester(JOB)  # the worker is there
        started = time.monotonic()
        end = await digester(replace(JOB, body=CASES[name]))
        took = time.monotonic() - started
        assert isinstance(await digester(JOB), Digest)
    assert took < PARSE_SECONDS + 8  # of which the machine may be busy with others
    assert isinstance(end, Digest | Unreadable)
    if isinstance(end, Digest):
        repr(end).encode()


@pytest.mark.parametrize("name", ["deep-xhtml", "deep-html", "deep-lists"])
async def test_what_comes_out_is_not_deep(name: str) -> None:
    """XM-09: other tools read the Markdown, and some nest calls for every quote and list."""
    async with Digester(1) as digester:
        end = await digester(replace(JOB, body=CASES[name]))
    assert isinstance(end, Digest)
    (draft,) = end.drafts
    assert max(map(len, draft.body_md.splitlines()), default=0) < 1_000
