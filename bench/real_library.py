"""A store as two weeks of polling real feeds leave it: those of ``../shared/corpus/feeds-real``."""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.model import Digest, Draft, Feed, FeedConfig, Rhythm
from aggregator.store.commit import commit
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from bench.real_feeds import CORPUS, documents
from tests.store.factory import NOW, a_digest, a_draft, an_outcome, claim, sixteen
from tests.web.making import index

GONE = "a-story-that-was-not-kept"  # its slug
_OLD = "https://old.example/feed"
_DAYS = 14
_ENABLED = frozenset({"language", "summary", "topics", "entities"})
_MOST_ENTRIES = 30  # of a feed
_TROUBLES = (
    {"state": "gone", "reason": "HTTP 410 Gone"},
    {"state": "failing", "reason": "HTTP 503 Service Unavailable: connect error or disconnect before headers"},
    {"state": "not-a-feed", "reason": "the document is a web page that names no feed"},
    {"state": "slow-down", "reason": "HTTP 429 Too Many Requests: to be asked again in 1 h"},
)


@contextmanager
def a_real_library(folder: Path) -> Iterator[Store]:
    """Offer the store; ``NOW`` is the time of the last polls."""
    read = dict(_digests())
    store = open_store(f"sqlite:///{folder}/store.sqlite", create=True)
    with store.work() as work:
        work.feeds.sync([FeedConfig(url=url) for url in (*read, _OLD)], NOW - timedelta(days=60))
    old = replace(a_draft("old.example/1"), slug=GONE)
    _poll(store, NOW - timedelta(days=50), {_OLD: a_digest(old)}, 0)
    chance = random.Random(1)
    dated: dict[str, list[Draft]] = {url: [] for url in read}
    delays = {url: chance.lognormvariate(3, 1) for url in read}  # minutes
    for day in range(_DAYS + 1):
        at = NOW - timedelta(days=_DAYS - day)
        for url, drafts in dated.items():
            every = read[url].drafts
            share = len(every) * (day + 1) // (_DAYS + 1) if len(every) > 5 else len(every)
            for draft in every[len(drafts) : share]:
                late = timedelta(minutes=1 + delays[url] * chance.lognormvariate(0, 1))
                drafts.append(replace(draft, published_at=at - late))
            if day == _DAYS and drafts:
                drafts[0] = _reworded(drafts[0])
        _poll(store, at, {url: replace(read[url], drafts=tuple(drafts)) for url, drafts in dated.items()}, day)
    with store.work() as work:
        work.retention.prune(timedelta(days=40), NOW, waits_for=(), limit=10)
    index(store)
    with store.work() as work:
        while work.clusters.catch_up(NOW, limit=500):
            pass
    yield store
    store.close()


def _poll(store: Store, at: datetime, found: Mapping[str, Digest], day: int) -> None:
    with store.work() as work:
        work.feeds.ask(list(found), at, recent=at)
        for feed in claim(work, at, limit=1000, per_origin=1000):
            if feed.url in found:
                outcome = an_outcome(feed, found[feed.url], at)
                commit(work, replace(outcome, feed=_known(outcome.feed, found[feed.url], day)))
        work.feeds.release_claims()


def _known(feed: Feed, found: Digest, day: int) -> Feed:
    """Return the feed with what its document says; at last, one in a dozen is in trouble."""
    hours = 1 + feed.id % 60
    feed = replace(feed, title=found.title, rhythm=Rhythm(gap=timedelta(hours=hours)))
    feed = replace(feed, next_poll_at=feed.next_poll_at + timedelta(minutes=feed.id % 300))
    trouble = _TROUBLES[feed.id // 12 % len(_TROUBLES)]
    return replace(feed, **trouble) if day == _DAYS and feed.id % 12 == 5 else feed  # type: ignore[arg-type]


def _reworded(draft: Draft) -> Draft:
    title, body = f"Updated: {draft.title}", draft.body_md.replace(" the ", " that ") + "\n\nA paragraph came later."
    said = sixteen(title + body)
    return replace(draft, title=title, body_md=body, content_hash=said, entry_hash=said)


def _digests() -> Iterator[tuple[str, Digest]]:
    """Yield what each document says; every one is a feed of its own."""
    for number, (path, entries) in enumerate(documents()):
        url = f"https://{Path(path).stem.lower().replace('_', '-')[:40].strip('-.')}.example/{number}"
        job = DigestJob(
            feed_url=url,
            url=url,
            body=(CORPUS / path).read_bytes(),
            content_type=None,
            now=NOW,
            known={},
            link_identity=False,
            enabled=_ENABLED,
        )
        found = digest(job) if entries else None
        if isinstance(found, Digest) and found.drafts:
            yield url, replace(found, drafts=found.drafts[:_MOST_ENTRIES])
