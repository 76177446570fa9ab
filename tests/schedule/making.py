"""Values for tests of the schedule, with only what a test cares about spelled out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.model import (
    Digest,
    Draft,
    Failed,
    Feed,
    FeedHints,
    FeedId,
    Fetched,
    Identity,
    NotModified,
    PollOutcome,
    Rhythm,
    Unreadable,
    Validators,
)
from aggregator.schedule.lifecycle import Moment, decide
from aggregator.schedule.policy import PollPolicy

NOW = datetime(2026, 6, 24, 12, tzinfo=UTC)  # a Wednesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
URL = "https://site.example/feed"
POLICY = PollPolicy(shortest=HOUR, usual=HOUR, longest=DAY)
VALIDATORS = Validators(etag=b'"1"', url=URL)


def a_feed(**fields: Any) -> Feed:
    """Return a feed that was polled on time a moment ago and is well, but for ``fields``."""
    feed = Feed(
        id=FeedId(1),
        url=URL,
        fetch_url=URL,
        name=None,
        tags=(),
        interval=None,
        origin="site.example",
        state="ok",
        reason=None,
        title="Site",
        language="en",
        validators=VALIDATORS,
        body_hash=b"old",
        identity="guid",
        failures=0.0,
        last_poll_at=NOW,
        last_ok_at=NOW,
        next_poll_at=NOW + HOUR,
        retry_after_at=None,
        digested_at=NOW,
        rhythm=Rhythm(in_phase=True),
    )
    return replace(feed, **fields)


def a_document(**fields: Any) -> Fetched:
    """Return a 200."""
    document = Fetched(
        url=URL,
        permanent_url=None,
        status=200,
        body=b"",
        headers={},
        validators=VALIDATORS,
        retry_after=None,
        wire_bytes=7,
    )
    return replace(document, **fields)


def not_modified(**fields: Any) -> NotModified:
    """Return a 304."""
    answer = NotModified(url=URL, permanent_url=None, headers={}, validators=VALIDATORS, retry_after=None)
    return replace(answer, **fields)


def status(code: int, *, retry_after: timedelta | None = None, message: str = "") -> Failed:
    """Return an answer that is no success."""
    return Failed(kind="status", message=message or f"HTTP {code}", url=URL, status=code, retry_after=retry_after)


def a_digest(*, new: int = 0, old: int = 0, expected: int | None = None, **fields: Any) -> Digest:
    """Return a document of ``new`` entries and ``old`` ones that it held before too."""
    digest = Digest(
        format="rss20",
        title="Site",
        language="en",
        hints=FeedHints(),
        drafts=tuple(_draft(place) for place in range(new)),
        known=tuple(_identity(new + place) for place in range(old)),
        link_identity=False,
        expected=old if expected is None else expected,
        met=old,
    )
    return replace(digest, **fields)


def polled(
    feed: Feed,
    result: Fetched | NotModified | Failed,
    read: Digest | Unreadable | None = None,
    *,
    at: datetime | None = None,
    policy: PollPolicy = POLICY,
    twin: str | None = None,
) -> PollOutcome:
    """Poll the feed, when it is due unless ``at`` says otherwise."""
    now = at or feed.next_poll_at
    return decide(feed, result, read, b"new", Moment(started=now, now=now, policy=policy, twin=twin))


def _identity(number: int) -> Identity:
    return Identity(guid=str(number), guid_hash=b"%16d" % number, match_key=str(number), canonical_source="", link=None)


def _draft(number: int) -> Draft:
    return Draft(
        identity=_identity(number),
        entry_hash=b"",
        content_hash=b"",
        slug="",
        slug_unique="",
        title="",
        summary="",
        body_md="",
        published_at=None,
        lang=None,
        topics=(),
        entities=(),
        details={},
    )
