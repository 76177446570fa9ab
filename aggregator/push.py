"""What a hub pushed: digested and committed as a poll is."""

import uuid
from dataclasses import dataclass

from aggregator.digest.job import Body
from aggregator.model import Digest, FeedId
from aggregator.poll import LEASE, Tools, digest_job, reading
from aggregator.store.commit import commit_push
from aggregator.store.contract import Work
from aggregator.store.plan import Applied


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A document that a hub we trust sent for a feed."""

    feed: FeedId
    body: bytes  # decoded from its Content-Encoding
    content_type: str | None
    wire_bytes: int


class FeedBusyError(Exception):
    """The feed is being polled: try again."""


async def take(push: Push, tools: Tools) -> Applied | None:
    """Commit the entries of a pushed document; None where it gave none, and a poll is due instead (a thin ping).

    Raises FeedBusyError, and StaleClaimError as a poll does.
    """
    started, token = tools.clock(), uuid.uuid4().hex
    feed = await tools.write(
        lambda work: work.pushes.claim(push.feed, started, token=token, lease_until=started + LEASE)
    )
    if feed is None:
        raise FeedBusyError
    known = await tools.write(lambda work: work.feeds.window(feed))
    document = Body(url=feed.fetch_url, body=push.body, content_type=push.content_type)
    read = await reading(feed, started, tools)(digest_job(feed, document, known, started, tools))
    now = tools.clock()

    def write(work: Work) -> Applied | None:
        if feed.digested_at is not None and isinstance(read, Digest) and (read.drafts or read.known):
            return commit_push(work, feed, read, wire_bytes=push.wire_bytes, started=started, now=now)
        work.feeds.give_back(feed, feed.next_poll_at)
        work.pushes.ping(feed.id, now, tools.policy.shortest)
        return None

    return await tools.write(write)
