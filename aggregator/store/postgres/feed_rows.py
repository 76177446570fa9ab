"""How a feed looks in its row."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from aggregator.model import Feed, FeedId, Validators
from aggregator.store.contract import FeedStatus
from aggregator.store.sqlite.feed_rows import bucket_of
from aggregator.store.sqlite.history import history_text, read_history
from aggregator.store.sqlite.values import names

FEED_COLUMNS = (
    "f.id, f.url, f.fetch_url, f.name, f.tags, f.interval_seconds, f.origin, f.state, f.reason, f.title, f.language,"
    " f.etag, f.last_modified, f.validators_url, f.body_hash, f.identity, f.failures, f.last_poll_at, f.last_ok_at,"
    " f.next_poll_at, f.retry_after_at, f.digested_at, f.asked_at, f.history, f.address,"
    " (SELECT max(s.lease_until) FROM subscriptions s WHERE s.feed_id = f.id)"
)
STATUS_COLUMNS = (
    "f.url, f.name, f.active, f.state, f.reason, f.last_poll_at, f.last_ok_at, f.next_poll_at,"
    " greatest(f.retry_after_at, o.next_allowed_at), f.failures, f.history, f.claimed_until"
)


def read_feed(row: Sequence[Any], token: str | None) -> Feed:
    """Return the feed in a row of FEED_COLUMNS, claimed under ``token``."""
    (ident, url, fetch_url, name, tags, interval, origin, state, reason, title, language, *rest) = row
    (etag, modified, learnt_from, body_hash, identity, failures, polled, succeeded, due, retry, digested, *rest) = rest
    asked, past, address, pushed_until = rest
    history = read_history(past)
    return Feed(
        id=FeedId(ident),
        url=url,
        fetch_url=fetch_url,
        name=name,
        tags=names(tags),
        interval=None if interval is None else timedelta(seconds=interval),
        origin=origin,
        state=state,
        reason=reason,
        title=title,
        language=language,
        validators=learnt_from and Validators(etag=etag, last_modified=modified, url=learnt_from),
        body_hash=body_hash,
        identity=identity,
        failures=failures,
        last_poll_at=polled,
        last_ok_at=succeeded,
        next_poll_at=due,
        retry_after_at=retry,
        digested_at=digested,
        rhythm=history.rhythm,
        setback=history.setback,
        move=history.move,
        distrust=history.distrust,
        asked=asked is not None,
        address=address,
        poll_token=token,
        pushed_until=pushed_until,
    )


def state_columns(feed: Feed) -> Mapping[str, object]:
    """Return the columns that a poll may change."""
    validators = feed.validators
    return {
        "fetch_url": feed.fetch_url,
        "state": feed.state,
        "reason": feed.reason,
        "title": feed.title,
        "language": feed.language,
        "etag": validators and validators.etag,
        "last_modified": validators and validators.last_modified,
        "validators_url": validators and validators.url,
        "body_hash": feed.body_hash,
        "identity": feed.identity,
        "failures": feed.failures,
        "last_poll_at": feed.last_poll_at,
        "last_ok_at": feed.last_ok_at,
        "next_poll_at": feed.next_poll_at,
        "retry_after_at": feed.retry_after_at,
        "digested_at": feed.digested_at,
        "history": history_text(feed),
        "address": feed.address,
        "origin": feed.origin,
        "bucket": bucket_of(feed.origin),
    }


def read_status(row: Sequence[Any]) -> FeedStatus:
    """Return the status in a row of STATUS_COLUMNS and a count of records."""
    url, name, active, state, reason, polled, succeeded, due, retry, failures, past, claimed, records = row
    rhythm = read_history(past).rhythm
    return FeedStatus(
        url=url,
        name=name,
        active=active,
        state=state if active else "disabled",
        reason=reason,
        last_poll_at=polled,
        last_ok_at=succeeded,
        next_poll_at=due,
        retry_after_at=(retry or None),
        failures=failures,
        records=records,
        gap=rhythm.gap,
        newest_at=rhythm.newest_at,
        claimed_until=claimed,
    )
