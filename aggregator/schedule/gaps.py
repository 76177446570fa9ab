"""The gap ledger: entries that came and went between two polls."""

from datetime import datetime

from aggregator.model import Digest, Feed, Notice
from aggregator.settings.values import shown


def gap(feed: Feed, read: Digest, now: datetime) -> Notice | None:
    """Return the notice of a gap where a document holds none of the entries that it held before (SC-33), or None.

    None too where an archive filled it; one that went back not far enough leaves a smaller gap. An empty document is
    no gap (ST-32). ``last_seen`` and ``first_seen`` enclose what may be missing: the newest entry known before, and the
    oldest one now (without dates: the last good poll, and this one). ``estimate`` is the number of entries that the
    feed's rate speaks for, None without dates.
    """
    if read.healed or not is_gap(read):
        return None
    last_seen = feed.rhythm.newest_at or feed.last_ok_at or now
    first_seen = read.dates[-1] if read.dates else now
    return Notice(
        kind="gap",
        detail={
            "feed": shown(feed.url),
            "last_seen": last_seen.isoformat(),
            "first_seen": first_seen.isoformat(),
            "estimate": _estimate(feed, read, last_seen, first_seen),
            **({"filled": read.filled} if read.filled else {}),
        },
    )


def is_gap(read: Digest) -> bool:
    """Whether a document holds none of the entries that it held when it was last read, and others instead."""
    return bool(read.expected and not read.met and (read.drafts or read.known))


def _estimate(feed: Feed, read: Digest, last_seen: datetime, first_seen: datetime) -> int | None:
    mean = feed.rhythm.gap
    if mean is None or not read.dates or feed.rhythm.newest_at is None:
        return None
    return max(0, round((first_seen - last_seen) / mean) - 1)
