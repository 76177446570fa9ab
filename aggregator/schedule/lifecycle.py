"""What a poll makes of its feed: pure, and the only place that decides a feed's state."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.model import Digest, Failed, Feed, Fetched, FetchResult, Notice, NotModified, PollOutcome, Unreadable
from aggregator.schedule.gaps import gap
from aggregator.schedule.moving import is_proven, voted
from aggregator.schedule.next_poll import next_poll
from aggregator.schedule.policy import PollPolicy, capped
from aggregator.schedule.rhythm import is_on_time, learnt
from aggregator.schedule.trouble import set_back
from aggregator.settings.values import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a poll began and is decided on, and by which policy."""

    started: datetime
    now: datetime
    policy: PollPolicy
    twin: str | None = None  # another feed that is polled where this one has moved to (ST-19)


def decide(
    feed: Feed, result: FetchResult, read: Digest | Unreadable | None, body_hash: bytes | None, moment: Moment
) -> PollOutcome:
    """Return what the poll comes to: the feed's next state, and the digest to store with it.

    ``read`` is None where there was nothing to read: a failure, a 304, or the same bytes as last time.
    """
    if isinstance(result, Failed):
        return failed(feed, result, moment)
    if isinstance(read, Unreadable):
        return failed(feed, read, moment, status=_status(result))
    done = _moved(_succeeded(feed, result, read, moment), feed, result.permanent_url, moment)
    if read is None:
        word = "not-modified" if isinstance(result, NotModified) else "unchanged"
        return _outcome(feed, done, word, moment, result=result)
    done = replace(
        done,
        body_hash=body_hash,
        title=read.title,
        language=read.language,
        identity="link" if read.link_identity else feed.identity,
        # A document without entries says nothing of those that were there before (ST-32).
        digested_at=moment.now if read.drafts or read.known else feed.digested_at,
    )
    return _outcome(feed, done, "ok", moment, result=result, digest=read)


def failed(feed: Feed, failure: Failed | Unreadable, moment: Moment, *, status: int | None = None) -> PollOutcome:
    """Return a failure's outcome. What the feed gave before stays: validators, hash, entries (CR-17, ST-38)."""
    retry_after = None
    if isinstance(failure, Failed):
        retry_after, status = failure.retry_after, failure.status
    done = replace(
        set_back(feed, failure, status, moment.now),
        last_poll_at=moment.now,
        retry_after_at=_retry_after_at(retry_after, moment),
        rhythm=replace(feed.rhythm, in_phase=is_on_time(feed, moment.started)),
    )
    return _outcome(feed, done, failure.kind, moment, status=status)


def postponed(feed: Feed, wait: timedelta, moment: Moment) -> PollOutcome:
    """Return the outcome of a poll that ended at a redirect, which leads where nobody may be asked for ``wait``.

    It says nothing of the feed, neither good nor bad. It counts as a poll: its origin was asked.
    """
    done = replace(
        feed,
        last_poll_at=moment.now,
        retry_after_at=_retry_after_at(wait, moment),
        rhythm=replace(feed.rhythm, in_phase=is_on_time(feed, moment.started)),
    )
    return replace(_outcome(feed, done, "postponed", moment), origin_retry_at=None)


def _succeeded(feed: Feed, result: Fetched | NotModified, read: Digest | None, moment: Moment) -> Feed:
    """Return the feed after an answer that was understood; its validators replace the old ones (CR-10…14)."""
    rhythm = learnt(feed, result, read, moment.policy, moment.now)
    return replace(
        feed,
        state="ok",
        reason=None,
        failures=0.0,
        setback=None,
        validators=result.validators,
        last_poll_at=moment.now,
        last_ok_at=moment.now,
        retry_after_at=_retry_after_at(result.retry_after, moment),
        rhythm=replace(rhythm, in_phase=is_on_time(feed, moment.started)),
    )


def _moved(done: Feed, feed: Feed, permanent_url: str | None, moment: Moment) -> Feed:
    """Believe a permanent redirect, or remember having seen it (ST-09, ST-10).

    The validators are of the old place (CR-20). Where another feed lives already, this one stops (ST-19).
    """
    move = voted(feed, permanent_url, moment.now)
    if move is None or not is_proven(move, moment.now):
        return replace(done, move=move)
    if moment.twin is not None:
        reason = f"has moved to where the feed {shown(moment.twin)} is polled already"
        return replace(done, state="disabled", reason=reason, move=move)
    return replace(done, fetch_url=move.url, validators=None, move=None)


def _retry_after_at(retry_after: timedelta | None, moment: Moment) -> datetime | None:
    wait = capped(retry_after)
    return None if wait is None else moment.now + wait


def _outcome(
    before: Feed,
    after: Feed,
    word: str,
    moment: Moment,
    *,
    result: Fetched | NotModified | None = None,
    status: int | None = None,
    digest: Digest | None = None,
) -> PollOutcome:
    after = replace(after, next_poll_at=next_poll(after, moment.policy).at)
    missed = gap(before, digest, moment.now) if digest else None
    return PollOutcome(
        feed=after,
        digest=digest,
        result=word,
        status=_status(result) if result else status,
        wire_bytes=result.wire_bytes if isinstance(result, Fetched) else 0,
        started_at=moment.started,
        finished_at=moment.now,
        origin_retry_at=after.retry_after_at,
        bounds=next_poll(before, moment.policy).bounds if before.last_poll_at else None,
        moved_from=before.fetch_url if after.fetch_url != before.fetch_url else None,
        notices=tuple(filter(None, (missed, _health(before, after)))),
    )


def _health(before: Feed, after: Feed) -> Notice | None:
    """Return the notice of a change of state; that a new feed works is none."""
    if before.state == after.state or (before.state, after.state) == ("new", "ok"):
        return None
    next_poll_at = None if after.state == "gone" else after.next_poll_at.isoformat()
    detail = {
        "feed": shown(before.url),
        "from": before.state,
        "to": after.state,
        "reason": after.reason,
        "next_poll_at": next_poll_at,
    }
    return Notice(kind="health", detail=detail)


def _status(result: Fetched | NotModified) -> int:
    return result.status if isinstance(result, Fetched) else 304
