"""CPU per stage and per entry, beside the least that the same work can cost. ``python -m bench.stages``.

One process, one thread, the fastest of some rounds: what a stage costs when nothing else is in the way.
"""

import asyncio
import pickle
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nh3
from html_to_markdown import convert
from lxml import etree

from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.enrich.language import detect
from aggregator.model import Article, Digest, Entry, ParsedFeed
from aggregator.normalize.article import normalize
from aggregator.normalize.hashes import content_hash, entry_hash
from aggregator.normalize.html import sanitise
from aggregator.normalize.identity import identify
from aggregator.normalize.markdown import to_markdown
from aggregator.parse import parse
from aggregator.text.plain import markup_text
from bench.corpus import ENTRIES, documents
from bench.polling import serving

_FEEDS = 40
_ROUNDS = 7
_NOW = datetime(2026, 6, 1, tzinfo=UTC)


def main() -> None:
    """Print the table."""
    bodies = list(documents(_FEEDS))
    print(f"µs an entry; feeds of {ENTRIES} entries, {sum(map(len, bodies)) / _FEEDS / 1000:.0f} KB each")
    for name, cost in (*_digesting(bodies), *_limits(bodies)):
        print(f"{name:58}{1_000_000 * cost / ENTRIES:>8.1f}")


def _digesting(bodies: list[bytes]) -> Iterator[tuple[str, float]]:
    jobs = [_job(body) for body in bodies]
    feeds = [feed for body in bodies if isinstance(feed := _parsed(body), ParsedFeed)]
    entries = [entry for feed in feeds for entry in feed.entries]
    markup = [_sanitised(entry) for entry in entries]
    articles = [normalize(entry) for entry in entries]
    digests = [read for job in jobs if isinstance(read := digest(job), Digest)]
    known = [_known(job, read) for job, read in zip(jobs, digests, strict=True)]
    yield "digest of a new entry, all of it", _best(partial(_each, digest, jobs))
    yield "  parse: bytes to entries", _best(partial(_each, _parsed, bodies))
    yield "  identify and hash what is stated", _best(partial(_identified, feeds))
    yield "  normalize", _best(partial(_each, normalize, entries))
    yield "    sanitise", _best(partial(_each, _sanitised, entries))
    yield "    Markdown", _best(partial(_each, to_markdown, markup))
    yield "    plain text", _best(partial(_each, markup_text, markup))
    yield "  language", _best(partial(_each, _detected, articles))
    yield "  hash of the content", _best(partial(_each, content_hash, articles))
    yield "  to the worker and back", _best(partial(_each, _carried, digests))
    yield "digest of a known entry", _best(partial(_each, digest, known))


def _limits(bodies: list[bytes]) -> Iterator[tuple[str, float]]:
    feeds = [feed for body in bodies if isinstance(feed := _parsed(body), ParsedFeed)]
    values = [content.value for feed in feeds for entry in feed.entries if (content := entry.content or entry.summary)]
    clean = [nh3.clean(value) for value in values]
    yield "limit: lxml alone", _best(partial(_each, etree.fromstring, bodies))
    yield "limit: nh3 alone", _best(partial(_each, nh3.clean, values))
    yield "limit: html-to-markdown alone", _best(partial(_each, convert, clean))
    yield "limit: a bare insert of id and body, a transaction a feed", _best(partial(_inserted, values))
    yield "limit: a bare asyncio GET of the document", asyncio.run(_fetched())


def _best(work: Callable[[], None]) -> float:
    """CPU seconds a feed."""

    def once() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return min(once() for _ in range(_ROUNDS)) / _FEEDS


def _each(work: Callable[[Any], object], values: Iterable[Any]) -> None:
    for value in values:
        work(value)


def _job(body: bytes) -> DigestJob:
    return DigestJob(
        feed_url="https://a.example/feed",
        url="https://a.example/feed",
        body=body,
        content_type="application/xml",
        now=_NOW,
        known={},
        link_identity=False,
        enabled=frozenset({"language"}),
    )


def _known(job: DigestJob, read: Digest) -> DigestJob:
    return replace(job, known={draft.identity.guid_hash: draft.entry_hash for draft in read.drafts})


def _parsed(body: bytes) -> ParsedFeed:
    feed = parse(body, url="https://a.example/feed", content_type="application/xml", now=_NOW)
    assert isinstance(feed, ParsedFeed)
    return feed


def _identified(feeds: Iterable[ParsedFeed]) -> None:
    for feed in feeds:
        identify(feed.entries, feed_url="https://a.example/feed", home=feed.link, link_identity=False)
        for entry in feed.entries:
            entry_hash(entry)


def _sanitised(entry: Entry) -> str:
    content = entry.content or entry.summary
    assert content is not None
    return sanitise(content.value, content.base)


def _detected(article: Article) -> None:
    detect(article, hint="en")


def _carried(value: object) -> None:
    pickle.loads(pickle.dumps(value))


def _inserted(values: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "bare.sqlite")) as connection:
        connection.executescript("PRAGMA journal_mode=WAL; CREATE TABLE bare (id INTEGER PRIMARY KEY, body TEXT)")
        for first in range(0, len(values), ENTRIES):
            with connection:
                rows = ((value,) for value in values[first : first + ENTRIES])
                connection.executemany("INSERT INTO bare (body) VALUES (?)", rows)


async def _fetched() -> float:
    """CPU seconds a document, one after the other, each on a connection of its own."""
    with serving(_FEEDS) as server:
        started = time.process_time()
        for url in server.urls:
            parts = urlsplit(url)
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            writer.write(f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(None, 1)[0]))
            writer.close()
            await writer.wait_closed()
        return (time.process_time() - started) / len(server.urls)


if __name__ == "__main__":
    main()
