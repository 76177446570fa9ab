"""Stories that their feed took back: gone from the middle of its document."""

from collections.abc import Collection, Mapping
from datetime import datetime

from aggregator.model import Digest, FeedId, RecordId
from aggregator.store.edits import MOST_CHURN
from aggregator.store.planned import Glimpse, Kept, Known


def withdrawn(digest: Digest, known: Known, feed_id: FeedId, told: Collection[RecordId]) -> tuple[Kept, ...]:
    """Return the records that the feed took back with this document, oldest identity first.

    Only a document in the order of its dates can tell: one that ranks its entries, or does not date them, drops some
    from its middle every hour. A story is taken back when entries older and newer than it are still there. Where only
    one is older, that may be an entry pinned to the end of a list that moves on: it counts when nothing new came.
    When a third of a document goes at once, it is another list and no retraction. A story that another feed carries,
    or that is still told under another guid (``told``), is not gone.
    """
    if not digest.chronological or known.first:
        return ()
    present = {identity.guid_hash for identity in digest.known} | {draft.identity.guid_hash for draft in digest.drafts}
    here = {glimpse.record for glimpse in known.window if glimpse.guid_hash in present} | set(told)
    moved_on = len(present) > len({glimpse.guid_hash for glimpse in known.window} & present)
    gone = {
        glimpse.record: kept
        for glimpse in known.window
        if glimpse.record not in here
        and (kept := _candidate(glimpse, known.kept, feed_id)) is not None
        and _is_inside(kept.published_at, digest.dates, moved_on=moved_on)
    }
    return () if len(gone) > max(2, len(known.window) // 3) else tuple(gone[record] for record in sorted(gone))


def _candidate(glimpse: Glimpse, records: Mapping[RecordId, Kept], feed_id: FeedId) -> Kept | None:
    kept = records.get(glimpse.record)
    if kept is None or glimpse.elsewhere or kept.feed_id != feed_id:
        return None
    return None if kept.retracted or kept.churn >= MOST_CHURN else kept


def _is_inside(published: datetime | None, dates: tuple[datetime, ...], *, moved_on: bool) -> bool:
    """``dates`` are the document's, newest first."""
    if published is None or not dates or published >= dates[0]:
        return False
    older = sum(date < published for date in dates[-2:])
    return older > (1 if moved_on else 0)
