"""What a poll makes of its feed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.model import (
    Digest,
    Failed,
    Feed,
    FeedHints,
    FeedId,
    Fetched,
    NotModified,
    PollOutcome,
    Unreadable,
    Validators,
)
from aggregator.schedule.lifecycle import Moment, decide
from aggregator.schedule.policy import PollPolicy

NOW = datetime(2026, 6, 24, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://site.example/feed"
OLD = Validators(etag=b'"old"', url=URL)
NEW = Validators(etag=b'"new"', url=URL)
FEED = Feed(
    id=FeedId(1),
    url=URL,
    fetch_url=URL,
    name=None,
    tags=(),
    interval=None,
    origin="site.example",
    state="failing",
    reason="it was down",
    title="Site",
    language="en",
    validators=OLD,
    body_hash=b"old",
    identity="guid",
    failures=2.0,
    last_poll_at=None,
    last_ok_at=None,
    next_poll_at=NOW,
    retry_after_at=None,
    digested_at=None,
)
FETCHED = Fetched(
    url=URL, permanent_url=None, status=200, body=b"", headers={}, validators=NEW, retry_after=None, wire_bytes=7
)
NOT_MODIFIED = NotModified(url=URL, permanent_url=None, headers={}, validators=NEW, retry_after=None)
DIGEST = Digest(
    format="rss20", title="Site, new", language="de", hints=FeedHints(), drafts=(), known=(), link_identity=True
)


def after(result: Fetched | NotModified | Failed, read: Digest | Unreadable | None = None) -> PollOutcome:
    """Decide on a poll of FEED."""
    policy = PollPolicy(shortest=HOUR, usual=HOUR, longest=24 * HOUR)
    return decide(FEED, result, read, b"new", Moment(started=NOW, now=NOW, policy=policy, chance=0.0))


def test_a_document_that_was_read_replaces_what_was_known() -> None:
    """CR-10, CR-18, ID-08: validators, hash, title and the policy of identity."""
    outcome = after(FETCHED, DIGEST)
    assert (outcome.result, outcome.status, outcome.wire_bytes, outcome.digest) == ("ok", 200, 7, DIGEST)
    feed = outcome.feed
    assert (feed.state, feed.reason, feed.failures, feed.validators) == ("ok", None, 0.0, NEW)
    assert (feed.body_hash, feed.title, feed.identity, feed.digested_at) == (b"new", "Site, new", "link", NOW)
    assert feed.next_poll_at == NOW + HOUR


@pytest.mark.parametrize(("result", "word"), [(FETCHED, "unchanged"), (NOT_MODIFIED, "not-modified")])
def test_an_unchanged_document_is_a_success(result: Fetched | NotModified, word: str) -> None:
    """CR-10, CR-12: new validators are kept, entries are left alone."""
    outcome = after(result)
    assert (outcome.result, outcome.digest) == (word, None)
    feed = outcome.feed
    assert (feed.state, feed.failures, feed.validators, feed.digested_at) == ("ok", 0.0, NEW, None)


def test_validators_that_are_gone_are_forgotten() -> None:
    """CR-14; and then the feed is polled once a day (SC-02)."""
    feed = after(replace(FETCHED, validators=None), DIGEST).feed
    assert feed.validators is None
    assert feed.next_poll_at == NOW + 24 * HOUR


def test_a_document_that_cannot_be_read_does_not_advance_the_validators() -> None:
    """CR-17: or a broken body would never be fetched again."""
    feed = after(FETCHED, Unreadable(kind="not-a-feed", message="HTML")).feed
    assert (feed.state, feed.reason, feed.failures) == ("not-a-feed", "HTML", 3.0)
    assert (feed.validators, feed.body_hash, feed.title) == (OLD, b"old", "Site")
    assert feed.next_poll_at == NOW + 4 * HOUR


def test_a_slow_down_is_obeyed_for_the_whole_origin() -> None:
    """ST-01, ST-07."""
    told = Failed(kind="status", message="429", url=URL, status=429, retry_after=9 * HOUR)
    outcome = after(told)
    assert outcome.feed.state == "slow-down"
    assert outcome.origin_retry_at == outcome.feed.retry_after_at == outcome.feed.next_poll_at == NOW + 9 * HOUR


def test_a_failure_backs_off_and_keeps_everything() -> None:
    """ST-27, ST-38."""
    outcome = after(Failed(kind="dns", message="no such host", url=URL))
    assert (outcome.result, outcome.feed.state, outcome.origin_retry_at) == ("dns", "failing", None)
    assert outcome.feed.validators == OLD
