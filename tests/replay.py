"""Reading a feed's documents one after another as a poll does: digest, decide, plan, commit to a store."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.digest.raw import packed
from aggregator.model import Change, Feed, FeedConfig, Fetched, Record, Seq
from aggregator.schedule.lifecycle import Moment, decide
from aggregator.schedule.policy import PollPolicy
from aggregator.store.commit import commit
from aggregator.store.contract import Store, Work
from aggregator.store.location import open_store
from tests.store.factory import current_records
from tests.store.places import Place, place_of

FEED = "https://site.example/feed"
START = datetime(2026, 6, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
_POLICY = PollPolicy(shortest=HOUR, usual=HOUR, longest=24 * HOUR)


class Replay:
    """A store that is given documents."""

    def __init__(self, store: Store, *, keeps_raw: bool = False) -> None:
        self.store = store
        self.keeps_raw = keeps_raw
        self.now = START

    def read(self, document: str | bytes, url: str = FEED, *, after: timedelta = 6 * HOUR) -> list[Change]:
        """Read a document of a feed, some time after the last one; return the lines that it adds to the log."""
        self.now += after
        body = document.encode() if isinstance(document, str) else document
        with self.store.work() as work:
            before = work.log.last()
            feed = self._claim(work, url)
            window = work.feeds.window(feed)
        job = _job(feed, body, window, self.now)
        result = digest(job)
        answer = Fetched(
            url=url,
            permanent_url=None,
            status=200,
            body=body,
            headers={},
            validators=None,
            retry_after=None,
            wire_bytes=len(body),
        )
        body_hash = hashlib.blake2b(body, digest_size=16).digest()
        outcome = decide(feed, answer, result, body_hash, Moment(started=self.now, now=self.now, policy=_POLICY))
        if self.keeps_raw:
            outcome = replace(outcome, raw=packed(job))
        with self.store.work() as work:
            commit(work, outcome)
            return work.log.after(before, limit=100_000)

    def _claim(self, work: Work, url: str) -> Feed:
        work.feeds.release_claims()
        work.feeds.ask([url], self.now, recent=self.now, stopped=True)
        feeds = work.feeds.claim_due(
            self.now, limit=99, per_origin=99, token="t", lease_until=self.now + HOUR, asked_only=True
        )
        return next(feed for feed in feeds if feed.url == url)

    def feed(self, url: str = FEED) -> Feed:
        """Return the feed as it is stored."""
        with self.store.read() as work:
            found = work.schedule.find(url)
        assert found is not None
        return found

    def records(self) -> list[Record]:
        """Return the current records."""
        with self.store.read() as work:
            return current_records(work)

    def log(self) -> list[Change]:
        """Return the whole log."""
        with self.store.read() as work:
            return work.log.after(Seq(0), limit=100_000)


def _job(feed: Feed, body: bytes, window: Mapping[bytes, bytes], now: datetime) -> DigestJob:
    return DigestJob(
        feed_url=feed.url,
        url=feed.url,
        body=body,
        content_type=None,
        now=now,
        known=window,
        link_identity=feed.identity == "link",
        enabled=frozenset(),
    )


@contextmanager
def replaying(where: Path | Place, *urls: str, keeps_raw: bool = False) -> Iterator[Replay]:
    """Offer a store that knows these feeds, or FEED."""
    with closing(open_store(place_of(where).url, create=True)) as store:
        with store.work() as work:
            work.feeds.sync([FeedConfig(url=url) for url in urls or (FEED,)], START)
        yield Replay(store, keeps_raw=keeps_raw)


def kinds(lines: list[Change]) -> list[str]:
    """Return what kinds of lines they are, less gaps: a document that is new from end to end is one."""
    return [line.kind for line in lines if line.kind != "gap"]
