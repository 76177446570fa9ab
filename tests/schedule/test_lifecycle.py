"""What a poll makes of its feed."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Failed, FailureKind, Fetched, NotModified, Unreadable, Validators
from tests.schedule.making import (
    DAY,
    HOUR,
    NOW,
    URL,
    VALIDATORS,
    a_digest,
    a_document,
    a_feed,
    not_modified,
    polled,
    status,
)

KINDS_OF_SILENCE: tuple[FailureKind, ...] = ("dns", "connect", "timeout", "tls")
NEW = Validators(etag=b'"new"', url=URL)
FAILING = a_feed(state="failing", reason="it was down", failures=2.0, last_ok_at=NOW - DAY)


def test_a_document_that_was_read_replaces_what_was_known() -> None:
    """CR-10, CR-18, ID-08: validators, hash, title and the policy of identity."""
    digest = a_digest(new=1, title="Site, new", link_identity=True)
    outcome = polled(FAILING, a_document(validators=NEW), digest)
    assert (outcome.result, outcome.status, outcome.wire_bytes, outcome.digest) == ("ok", 200, 7, digest)
    feed = outcome.feed
    assert (feed.state, feed.reason, feed.failures, feed.validators) == ("ok", None, 0.0, NEW)
    assert (feed.body_hash, feed.title, feed.identity) == (b"new", "Site, new", "link")
    assert feed.digested_at == feed.last_ok_at == NOW + HOUR
    assert 2 * HOUR <= feed.next_poll_at - NOW <= 2.1 * HOUR


@pytest.mark.parametrize(
    ("result", "word"), [(a_document(validators=NEW), "unchanged"), (not_modified(validators=NEW), "not-modified")]
)
def test_an_unchanged_document_is_a_success(result: Fetched | NotModified, word: str) -> None:
    """CR-10, CR-12: new validators are kept, entries are left alone. And failures are over (ST-27)."""
    outcome = polled(FAILING, result)
    assert (outcome.result, outcome.digest) == (word, None)
    feed = outcome.feed
    assert (feed.state, feed.failures, feed.setback, feed.validators, feed.digested_at) == ("ok", 0.0, None, NEW, NOW)


def test_validators_that_are_gone_are_forgotten() -> None:
    """CR-14; and then the feed is polled once a day (SC-02)."""
    feed = polled(a_feed(), a_document(validators=None), a_digest(old=1)).feed
    assert feed.validators is None
    assert DAY <= feed.next_poll_at - feed.last_ok_at <= 1.1 * DAY  # type: ignore[operator]


def test_a_document_that_cannot_be_read_does_not_advance_the_validators() -> None:
    """CR-17, ST-30, ST-31: or a broken body would never be fetched again."""
    outcome = polled(FAILING, a_document(validators=NEW), Unreadable(kind="not-a-feed", message="HTML"))
    feed = outcome.feed
    assert (outcome.status, feed.state, feed.reason, feed.failures) == (200, "not-a-feed", "HTML", 3.0)
    assert (feed.validators, feed.body_hash, feed.title) == (VALIDATORS, b"old", "Site")
    assert polled(FAILING, Failed(kind="empty", message="", url=URL)).feed.state == "not-a-feed"


def test_a_slow_down_is_obeyed_for_the_whole_origin() -> None:
    """ST-01, ST-07."""
    outcome = polled(a_feed(), status(429, retry_after=9 * HOUR))
    assert outcome.feed.state == "slow-down"
    until = NOW + 10 * HOUR
    assert outcome.origin_retry_at == outcome.feed.retry_after_at == until <= outcome.feed.next_poll_at


def test_retry_after_is_capped_and_holds_on_any_answer() -> None:
    """ST-03, ST-08: a server that asks for four days is asked again after one."""
    outcome = polled(a_feed(), a_document(retry_after=88 * HOUR))
    assert outcome.feed.state == "ok"
    assert outcome.origin_retry_at == NOW + HOUR + DAY
    assert polled(a_feed(), not_modified(retry_after=5 * HOUR)).feed.next_poll_at >= NOW + 6 * HOUR
    assert polled(a_feed(), status(404, retry_after=5 * HOUR)).feed.next_poll_at >= NOW + 6 * HOUR


def test_a_failure_backs_off_and_keeps_everything() -> None:
    """ST-38: what was known of the feed stays; the reason and the next try are there to see."""
    feed = a_feed()
    outcome = polled(feed, Failed(kind="connect", message="refused", url=URL))
    assert (outcome.result, outcome.feed.failures, outcome.origin_retry_at) == ("connect", 1.0, None)
    kept = replace(
        outcome.feed,
        reason=None,
        failures=0.0,
        setback=None,
        last_poll_at=feed.last_poll_at,
        next_poll_at=feed.next_poll_at,
    )
    assert kept == feed
    assert outcome.feed.reason == "refused"


def test_a_change_of_state_is_told_once() -> None:
    """A feed never dies silently, and never shouts."""
    outcome = polled(a_feed(), status(500))
    (notice,) = outcome.notices
    assert notice.kind == "health"
    assert notice.detail == {
        "feed": URL,
        "from": "ok",
        "to": "failing",
        "reason": "HTTP 500",
        "next_poll_at": outcome.feed.next_poll_at.isoformat(),
    }
    assert polled(outcome.feed, status(502)).notices == ()
    (back,) = polled(outcome.feed, not_modified()).notices
    assert (back.detail["from"], back.detail["to"], back.detail["reason"]) == ("failing", "ok", None)


def test_a_first_silence_is_no_news_and_a_second_one_is() -> None:
    """ST-39, ST-38: it may be our own network's. The reason is there to see; a feed that stays silent is told of."""
    silence = [Failed(kind=kind, message=kind, url=URL) for kind in KINDS_OF_SILENCE]
    slow, new = polled(a_feed(), status(503)).feed, a_feed(state="new", last_poll_at=None, last_ok_at=None)
    for before, first, second in product((a_feed(), new, slow), silence, silence):
        once = polled(before, first)
        assert (once.feed.state, once.feed.reason, once.notices) == (before.state, first.message, ())
        (notice,) = polled(once.feed, second).notices
        assert (notice.detail["from"], notice.detail["to"]) == (before.state, "failing")
    assert polled(polled(a_feed(), silence[0]).feed, not_modified()).notices == ()
    (notice,) = polled(polled(a_feed(), silence[0]).feed, status(500)).notices
    assert notice.detail["to"] == "failing"


def test_a_new_feed_that_works_is_no_news_and_one_that_does_not_is() -> None:
    """The log tells of feeds that leave a state; a password is in none of it (HT-16)."""
    new = a_feed(state="new", last_poll_at=None, last_ok_at=None, url="https://me:secret@site.example/feed")
    assert polled(new, a_document(), a_digest(new=1)).notices == ()
    (notice,) = polled(new, status(403)).notices
    assert (notice.detail["from"], notice.detail["to"]) == ("new", "failing")
    assert "secret" not in str(notice.detail)


def test_an_outcome_says_what_its_poll_had_to_keep() -> None:
    """For the audit: the floor, and the hint that was in force before the poll."""
    first = polled(a_feed(last_poll_at=None), a_document(headers={"cache-control": "max-age=7200"}))
    assert first.bounds is None
    bounds = polled(first.feed, not_modified()).bounds
    assert bounds is not None
    assert (bounds.floor_at, bounds.hint_at, bounds.hint) == (NOW + 2 * HOUR, NOW + 3 * HOUR, "max-age")


ANSWERS = st.sampled_from(
    [a_document(), not_modified(), status(500), status(429), status(410), Failed(kind="dns", message="dns", url=URL)]
)


@given(st.lists(st.tuples(ANSWERS, st.timedeltas(HOUR, 2 * DAY)), max_size=30))
def test_whatever_happens_each_change_of_state_is_told_once_and_nothing_else_is(
    answers: list[tuple[Fetched | NotModified | Failed, timedelta]],
) -> None:
    """The lines of a feed's health make a chain, from its first state to its last; that a new one works is none."""
    feed, now, told, came = a_feed(state="new", last_poll_at=None, last_ok_at=None), NOW, [], []
    for answer, wait in answers:
        now += wait
        outcome = polled(feed, answer, a_digest(old=1) if isinstance(answer, Fetched) else None, at=now)
        told += [(notice.detail["from"], notice.detail["to"]) for notice in outcome.notices if notice.kind == "health"]
        came += [(feed.state, outcome.feed.state)]
        feed = outcome.feed
    assert told == [(before, after) for before, after in came if before != after and (before, after) != ("new", "ok")]
