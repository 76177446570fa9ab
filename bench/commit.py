"""What committing a feed of 25 entries costs in a large store. ``python -m bench.commit --records 1000000``."""

import argparse
import asyncio
import hashlib
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from aggregator.model import Digest, Draft, Feed, FeedConfig, FeedHints, Identity, PollOutcome
from aggregator.store.commit import commit
from aggregator.store.contract import Store, Work
from aggregator.store.location import open_store
from aggregator.store.resemblance import bands
from aggregator.store.writer import Writer

_ENTRIES = 25
_WARM_UP = 20
_TOGETHER = 20
_LATELY = 100_000  # records of the last week, among which near copies are looked for
_START = datetime(2026, 1, 1, tzinfo=UTC)
_PERIOD = (_START - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(days=7)
_BODY = "The harbour ferry sails again from Monday, after repairs that took eleven weeks. " * 24  # about 2 kB


def main() -> None:
    """Print median, 95th percentile and CPU time of a commit; then commits a second, alone and waiting together."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=300)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        feeds = max(given.rounds + _WARM_UP, given.records // 1000)
        fill(path, records=given.records, feeds=feeds)
        print(
            f"{given.records:,} records in {path.stat().st_size / 2**30:.1f} GiB;"
            f" feeds of {_ENTRIES} entries; ms a commit"
        )
        print(f"{'':12}{'median':>10}{'p95':>10}{'CPU':>10}")
        store = open_store(f"sqlite:///{path}")
        with store.exclusive("bench"):
            for number, (name, new) in enumerate((("all new", _ENTRIES), ("one new", 1), ("none new", 0))):
                rounds = list(measured(store, given.rounds, new=new, day=number + 1))
                costs = sorted(cost for cost, _ in rounds)
                spent = statistics.median(spent for _, spent in rounds)
                print(f"{name:12}{statistics.median(costs):>10.2f}{costs[int(0.95 * len(costs))]:>10.2f}{spent:>10.2f}")
        store.close()
        print(f"\n{'':12}{'alone/s':>10}{'CPU ms':>10}{f'{_TOGETHER} wait/s':>12}{'CPU ms':>10}")
        for day, (name, new) in enumerate((("all new", _ENTRIES), ("one new", 1), ("none new", 0)), 1):
            alone = asyncio.run(written(path, given.rounds, new=new, day=100 * day, together=1))
            many = asyncio.run(written(path, given.rounds, new=new, day=100 * day + 50, together=_TOGETHER))
            print(f"{name:12}{alone[0]:>10.0f}{alone[1]:>10.2f}{many[0]:>12.0f}{many[1]:>10.2f}")


def fill(path: Path, *, records: int, feeds: int) -> None:
    """Write a store of so many records, spread over the feeds; each feed has read its last 25 of them."""
    store = open_store(f"sqlite:///{path}", create=True)
    with store.work() as work:
        work.feeds.sync([FeedConfig(url=_url(number)) for number in range(feeds)], _START)
    store.close()
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;")
    for first in range(0, records, 50_000):
        numbers = range(first, min(records, first + 50_000))
        lately = [number for number in numbers if number >= records - _LATELY]
        connection.executemany(
            "INSERT INTO records (id, slug, title, summary, body_md, canonical_source, updated_at, topics, entities,"
            " match_key, match_key_version, feed_id, guid_hash, revision, content_hash, details, seq, first_seen_at)"
            f" VALUES (?, ?, ?, '', '{_BODY}', ?, ?, '[]', '[]', ?, 1, ?, ?, 1, ?, '{{}}', ?, ?)",
            (_record(number, feeds) for number in numbers),
        )
        connection.executemany(
            "INSERT INTO revisions (record_id, revision, at, content_hash) VALUES (?, 1, ?, x'00')",
            ((number + 1, _stamp(_START)) for number in numbers),
        )
        connection.executemany(
            "INSERT INTO sightings (feed_id, record_id, guid, guid_hash, entry_hash, link, first_seen, last_seen)"
            " VALUES (?, ?, ?, ?, x'00', ?, ?, ?)",
            (_sighting(number, feeds, last=number >= records - feeds * _ENTRIES) for number in numbers),
        )
        connection.executemany(
            "INSERT INTO signatures (record_id, period, signature) VALUES (?, ?, ?)",
            ((number + 1, _PERIOD, _signature(number)) for number in lately),
        )
        connection.executemany(
            "INSERT INTO bands (key, record_id) VALUES (?, ?)",
            sorted((_PERIOD << 32 | band, number + 1) for number in lately for band in bands(_signature(number))),
        )
        connection.executemany(
            "INSERT INTO changes (seq, kind, record_id, feed_id, revision, at) VALUES (?, 'new', ?, ?, 1, ?)",
            ((number + 1, number + 1, number % feeds + 1, _stamp(_START)) for number in numbers),
        )
    connection.execute("UPDATE feeds SET digested_at=?", (_stamp(_START),))
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()


def measured(store: Store, rounds: int, *, new: int, day: int) -> Iterator[tuple[float, float]]:
    """Yield milliseconds a commit, and of CPU: claim and digest aside, planning, writing and the transaction's end."""
    now = _START + timedelta(days=day)
    for number in range(rounds + _WARM_UP):
        with store.work() as work:
            outcome = claimed(work, number, now, new=new, day=day)
        started, spent = time.perf_counter(), time.process_time()
        with store.work() as work:
            applied = commit(work, outcome)
        assert (applied.new, applied.updated) == (new, 0)
        if number >= _WARM_UP:
            yield 1000 * (time.perf_counter() - started), 1000 * (time.process_time() - spent)


async def written(path: Path, rounds: int, *, new: int, day: int, together: int) -> tuple[float, float]:
    """Return commits a second through the writer, so many waiting at once, and milliseconds of CPU for each."""
    now = _START + timedelta(days=day)
    seconds = spent = 0.0
    store = open_store(f"sqlite:///{path}")
    with store.exclusive("bench"):
        async with Writer(store) as write:
            for first in range(0, rounds, together):
                outcomes = [
                    await write(partial(claimed, number=number, now=now, new=new, day=day))
                    for number in range(first, first + together)
                ]
                started, used = time.perf_counter(), time.process_time()
                await asyncio.gather(*(write(partial(commit, outcome=outcome)) for outcome in outcomes))
                seconds += time.perf_counter() - started
                spent += time.process_time() - used
    commits = -(-rounds // together) * together
    return commits / seconds, 1000 * spent / commits


def claimed(work: Work, number: int, now: datetime, *, new: int, day: int) -> PollOutcome:
    """Claim a feed and return what a poll of it comes to: so many new entries, and the others seen again."""
    work.feeds.ask([_url(number)], now, recent=now, stopped=True)
    (feed,) = work.feeds.claim_due(
        now, limit=1, per_origin=1, token="bench", lease_until=now + timedelta(hours=1), asked_only=True
    )
    return _outcome(feed, digest_of(number, list(work.feeds.window(feed)), new=new, day=day), now)


def digest_of(feed: int, window: list[bytes], *, new: int, day: int) -> Digest:
    seen = window[: _ENTRIES - new]
    return Digest(
        format="rss20",
        title="A feed",
        language="en",
        hints=FeedHints(),
        drafts=tuple(_draft(f"{feed}-{day}-{place}", _START + timedelta(days=day)) for place in range(new)),
        known=tuple(
            Identity(guid=None, guid_hash=guid_hash, match_key=guid_hash.hex(), canonical_source="", link=None)
            for guid_hash in seen
        ),
        link_identity=False,
        chronological=True,
    )


def _draft(name: str, now: datetime) -> Draft:
    key = f"new.example/articles/{name}"
    identity = Identity(
        guid=key, guid_hash=_hash(key), match_key=key, canonical_source=f"https://{key}", link=f"https://{key}"
    )
    words = _hash(name).hex()[:10]
    return Draft(
        identity=identity,
        entry_hash=_hash(f"entry{key}"),
        content_hash=_hash(f"content{key}"),
        slug=f"story-{name}",
        slug_unique=f"story-{name}-{_hash(key).hex()[:8]}",
        title=f"A story of {words} and of {words[::-1]}",
        summary=_BODY[:200],
        body_md=" ".join(f"{words}{place}" for place in range(150)),  # about 2 kB, like no other
        published_at=now,
        lang="en",
        topics=("transport",),
        entities=(),
        details={"authors": ["Ann"]},
        signature=_hash(key) + _hash(name) + _hash(f"{key} again") + _hash(f"{name} again"),
    )


def _outcome(feed: Feed, digest: Digest, now: datetime) -> PollOutcome:
    done = replace(feed, state="ok", last_poll_at=now, last_ok_at=now, next_poll_at=now, digested_at=now)
    return PollOutcome(feed=done, digest=digest, result="ok", status=200, wire_bytes=9, started_at=now, finished_at=now)


def _record(number: int, feeds: int) -> tuple[object, ...]:
    key, at = _key(number), _stamp(_START)
    title = f"Old story number {number} of the harbour town"
    return (
        *(number + 1, f"old-{number}", title, f"https://{key}", at, key, number % feeds + 1),
        *(_hash(key), _hash(title), number + 1, at),
    )


def _sighting(number: int, feeds: int, *, last: bool) -> tuple[object, ...]:
    key, at = _key(number), _stamp(_START)
    seen = at if last else _stamp(_START - timedelta(days=1))
    return (number % feeds + 1, number + 1, key, _hash(key), f"https://{key}", seen, seen)


def _signature(number: int) -> bytes:
    return b"".join(_hash(f"{number} {part}") for part in range(4))


def _key(number: int) -> str:
    # Spread over the index as the links of many sites are.
    return f"{hashlib.blake2b(str(number).encode(), digest_size=3).hexdigest()}.example/articles/{number}"


def _url(number: int) -> str:
    return f"https://feed{number}.example/rss"


def _hash(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _stamp(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="microseconds")


if __name__ == "__main__":
    main()
