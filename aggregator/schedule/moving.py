"""Permanent redirects: believed after repeated proof (ST-09…13)."""

from datetime import datetime, timedelta

from aggregator.model import Failed, Feed, FetchResult, Move

_PROOFS = 3
_OVER = timedelta(hours=72)


def voted(feed: Feed, permanent_url: str | None, now: datetime) -> Move | None:
    """Return the feed's move after a good document was found at ``permanent_url``; None where it did not move.

    Another target, or none, begins anew. What failed proves nothing either way, and must not come here (ST-12).
    """
    if permanent_url is None or permanent_url == feed.fetch_url:
        return None
    if feed.move is None or feed.move.url != permanent_url:
        return Move(url=permanent_url, times=1, since=now)
    return Move(url=permanent_url, times=feed.move.times + 1, since=feed.move.since)


def is_proven(move: Move, now: datetime) -> bool:
    """Whether the same target was found often enough, over long enough (ST-10)."""
    return move.times >= _PROOFS and now - move.since >= _OVER


def adoptable(feed: Feed, result: FetchResult, now: datetime) -> str | None:
    """Return where the feed will have moved to if the answer holds a feed."""
    if isinstance(result, Failed):
        return None
    move = voted(feed, result.permanent_url, now)
    return move.url if move and is_proven(move, now) else None
