"""Values for store tests, with only what a test cares about spelled out."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator.model import Digest, Draft, Feed, FeedConfig, FeedHints, Identity, PollOutcome, Record, Selection
from aggregator.store.commit import commit
from aggregator.store.contract import Store, Work
from aggregator.store.location import open_store
from aggregator.store.plan import Applied
from aggregator.store.records import EVERYTHING
from tests.store.places import Place, place_of

NOW = datetime(2026, 6, 24, 22, 14, 12, 589629, tzinfo=UTC)


def sixteen(text: str) -> bytes:
    """Return a hash as the digest makes them."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def a_draft(key: str, *, guid: str | None = None, title: str = "A story", body: str = "Its body.") -> Draft:
    """Return a draft whose story is ``key``; by default the guid is the key's own."""
    slug = title.lower().replace(" ", "-")
    return Draft(
        identity=Identity(
            guid=guid or key,
            guid_hash=sixteen(guid or key),
            match_key=key,
            canonical_source=f"https://{key}",
            link=f"https://{key}",
        ),
        entry_hash=sixteen(title + body),
        content_hash=sixteen(title + body),
        slug=slug,
        slug_unique=f"{slug}-{sixteen(key).hex()[:8]}",
        title=title,
        summary="",
        body_md=body,
        published_at=None,
        lang="en",
        topics=("news",),
        entities=(),
        details={},
    )


def a_digest(*drafts: Draft, known: Sequence[Identity] = (), link_identity: bool = False) -> Digest:
    """Return a digest of these drafts."""
    return Digest(
        format="rss20",
        title="A feed",
        language="en",
        hints=FeedHints(),
        drafts=drafts,
        known=tuple(known),
        link_identity=link_identity,
    )


def an_outcome(feed: Feed, digest: Digest | None, at: datetime) -> PollOutcome:
    """Return a good poll of the feed."""
    done = replace(
        feed, state="ok", last_poll_at=at, last_ok_at=at, next_poll_at=at + timedelta(hours=1), digested_at=at
    )
    return PollOutcome(
        feed=done,
        digest=digest,
        result="ok",
        status=200,
        wire_bytes=1000,
        started_at=at,
        finished_at=at,
    )


def claim(work: Work, at: datetime, *, limit: int = 100, token: str = "token", per_origin: int = 10) -> list[Feed]:
    """Claim what is due for ten minutes."""
    return work.feeds.claim_due(
        at, limit=limit, per_origin=per_origin, token=token, lease_until=at + timedelta(minutes=10)
    )


def poll(store: Store, url: str, digest: Digest | None, at: datetime) -> Applied:
    """Poll one feed, due or not: claim it, commit the digest."""
    with store.work() as work:
        found = work.schedule.find(url)
        assert found is not None
        feed = work.pushes.claim(found.id, at, token="token", lease_until=at + timedelta(minutes=10))
        assert feed is not None
        return commit(work, an_outcome(feed, digest, at))


@contextmanager
def a_store(where: Path | Place, *urls: str) -> Iterator[Store]:
    """Offer a store at a place, or in a new file in a folder, that knows these feeds."""
    with closing(open_store(place_of(where).url, create=True)) as store:
        with store.work() as work:
            work.feeds.sync([FeedConfig(url=url) for url in urls], NOW)
        yield store


def current_records(work: Work, selection: Selection = EVERYTHING) -> list[Record]:
    """Return the records that an export writes, in its order."""
    found = [work.records.by_slug(row[0]) for rows in work.records.rows(selection) for row in rows]
    return [record for record in found if record is not None]
