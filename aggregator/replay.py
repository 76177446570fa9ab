"""Reading what polls have read once more, by the code and the settings of today, and rewording the records of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.digest.job import DigestJob
from aggregator.digest.raw import Manner, unpacked
from aggregator.digest.worker import DigestBugError
from aggregator.model import Digest, Feed, Unreadable
from aggregator.store.contract import Store, Work
from aggregator.store.raw import RawDocument
from aggregator.store.replay import Replayed, Rewording, plan_replay
from aggregator.store.writer import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What reading again works with. ``write``: None to look only."""

    store: Store
    write: Writer | None
    digest: Callable[[DigestJob], Awaitable[Digest | Unreadable]]
    manner: Manner
    clock: Callable[[], datetime]
    on_document: Callable[[Feed, tuple[Rewording, ...] | Unreadable], None]


async def replay(feed: Feed, since: datetime | None, tools: Replay) -> None:
    """Read what was read of a feed since then, oldest first, each document in a transaction of its own.

    It may run beside the process that polls, be stopped at any time and run again: what is done changes nothing.
    """
    known: Mapping[bytes, bytes] = {}
    settled: set[bytes] = set()
    document = _following(feed, 0, since, tools)
    while document is not None:
        read = await _digested(feed, document, known, tools)
        if isinstance(read, Unreadable):
            tools.on_document(feed, read)
        else:
            present = {identity.guid_hash for identity in read.identities}
            hashes = {**known, **{draft.identity.guid_hash: draft.entry_hash for draft in read.drafts}}
            fresh = tuple(draft for draft in read.drafts if draft.identity.guid_hash not in settled)
            replayed = await _applied(feed, replace(read, drafts=fresh), document.at, tools)
            settled |= replayed.settled
            known = {guid: hashes[guid] for guid in hashes.keys() & present & settled}
            tools.on_document(feed, replayed.rewordings)
        document = _following(feed, document.id, since, tools)


def _following(feed: Feed, after: int, since: datetime | None, tools: Replay) -> RawDocument | None:
    with tools.store.read() as work:
        return work.raw.following(feed.id, after, since)


async def _digested(
    feed: Feed, document: RawDocument, known: Mapping[bytes, bytes], tools: Replay
) -> Digest | Unreadable:
    job = unpacked(document.packed, tools.manner, feed_url=feed.url, feed_name=feed.name, known=known)
    try:
        return await tools.digest(job)
    except DigestBugError as error:
        return Unreadable(kind="bug", message=f"a bug in aggregator: {error}")


async def _applied(feed: Feed, digest: Digest, at: datetime, tools: Replay) -> Replayed:
    def planned(work: Work) -> Replayed:
        known = work.records.known(feed, digest)
        return plan_replay(digest, known, work.raw.told(set(known.by_guid.values())), feed.id, at)

    def rewrite(work: Work) -> Replayed:
        work.alone()
        replayed = planned(work)
        work.records.apply(replayed.plan, feed, tools.clock())
        return replayed

    with tools.store.read() as work:
        replayed = planned(work)
    # Who polls is held up only where there is something to write; what it wrote meanwhile counts.
    return replayed if tools.write is None or not replayed.rewordings else await tools.write(rewrite)
