"""Deleting what is not to be kept, a little at a time: nobody waits long for his turn to write."""

from collections.abc import Collection
from datetime import datetime

from aggregator.model import Keep
from aggregator.store.writer import Writer

_RECORDS = 200  # a transaction of some ten milliseconds
_DOCUMENTS = 100
_PAGES = 500


async def prune(write: Writer, keep: Keep, now: datetime, *, waits_for: Collection[str] = ()) -> int:
    """Delete what is not to be kept, and give its room back to the disk; return how many records that were."""
    pruned = 0
    while some := await write(lambda work: work.retention.prune(keep, now, waits_for=waits_for, limit=_RECORDS)):
        pruned += some
    await write(lambda work: work.retention.forget(now, waits_for=waits_for, keep=keep))
    await _shrink(write)
    return pruned


async def forget_raw(write: Writer, before: datetime) -> int:
    """Delete what was read before a moment, and give its room back to the disk; return how many documents that were."""
    forgotten = 0
    while some := await write(lambda work: work.raw.forget(before, limit=_DOCUMENTS)):
        forgotten += some
    if forgotten:
        await _shrink(write)
    return forgotten


async def _shrink(write: Writer) -> None:
    while await write(lambda work: work.retention.shrink(_PAGES)):
        pass
