"""How a feed looks in its row."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from aggregator.model import Feed, FeedConfig, FeedId, KnownFeed, Validators
from aggregator.store.contract import FeedStatus
from aggregator.store.sqlite.history import history_text, read_history
from aggregator.store.sqlite.values import moment, moment_or_none, names, stamp, stamp_or_none

BUCKETS = 1024

FEED_COLUMNS = (
    "f.id, f.url, f.fetch_url, f.name, f.tags, f.interval_seconds, f.origin, f.state, f.reason, f.title, f.language,"
    " f.etag, f.last_modified, f.validators_url, f.body_hash, f.identity, f.failures, f.last_poll_at, f.last_ok_at,"
    " f.next_poll_at, f.retry_after_at, f.digested_at, f.asked_at, f.history, f.address,"
    " (SELECT max(s.lease_until) FROM subscriptions s WHERE s.feed_id = f.id)"
)
STATUS_COLUMNS = (
    "f.url, f.name, f.active, f.state, f.reason, f.last_poll_at, f.last_ok_at, f.next_poll_at,"
    " max(coalesce(f.retry_after_at, ''), coalesce(o.next_allowed_at, '')), f.failures, f.history, f.claimed_until"
)

KNOWN_COLUMNS = "url, name, tags, interval_seconds, active, fetch_url, position IS NOT NULL"


def bucket_of(origin: str) -> int:
    """Return the share of the schedule that an origin falls in: the same on every machine."""
    return int.from_bytes(hashlib.blake2b(origin.encode(), digest_size=4).digest()) % BUCKETS


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
        last_poll_at=moment_or_none(polled),
        last_ok_at=moment_or_none(succeeded),
        next_poll_at=moment(due),
        retry_after_at=moment_or_none(retry),
        digested_at=moment_or_none(digested),
        rhythm=history.rhythm,
        setback=history.setback,
        move=history.move,
        distrust=history.distrust,
        asked=asked is not None,
        address=address,
        poll_token=token,
        pushed_until=moment_or_none(pushed_until),
    )


def read_known(row: Sequence[Any]) -> KnownFeed:
    """Return the feed in a row of KNOWN_COLUMNS."""
    url, name, tags, interval, active, fetch_url, listed = row
    config = FeedConfig(
        url=url,
        name=name,
        tags=names(tags),
        interval=None if interval is None else timedelta(seconds=interval),
        enabled=bool(active),
    )
    return KnownFeed(config=config, fetch_url=fetch_url, listed=bool(listed))


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
        "last_poll_at": stamp_or_none(feed.last_poll_at),
        "last_ok_at": stamp_or_none(feed.last_ok_at),
        "next_poll_at": stamp(feed.next_poll_at),
        "retry_after_at": stamp_or_none(feed.retry_after_at),
        "digested_at": stamp_or_none(feed.digested_at),
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
        active=bool(active),
        state=state if active else "disabled",
        reason=reason,
        last_poll_at=moment_or_none(polled),
        last_ok_at=moment_or_none(succeeded),
        next_poll_at=moment(due),
        retry_after_at=moment_or_none(retry or None),
        failures=failures,
        records=records,
        gap=rhythm.gap,
        newest_at=rhythm.newest_at,
        claimed_until=moment_or_none(claimed),
    )
