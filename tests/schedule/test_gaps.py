"""The gap ledger."""

from datetime import datetime

from aggregator.model import Rhythm
from tests.schedule.making import DAY, HOUR, NOW, URL, a_digest, a_document, a_feed, polled


def test_a_document_with_none_of_the_old_entries_is_a_gap() -> None:
    """SC-33: what may be missing lies between the newest entry before and the oldest now; the interval shortens."""
    feed = a_feed(
        last_ok_at=NOW - 9 * HOUR, rhythm=Rhythm(gap=HOUR, newest_at=NOW - 10 * HOUR, pace=8 * HOUR, entries=5)
    )
    dates = tuple(NOW - place * HOUR for place in range(5))
    outcome = polled(feed, a_document(), a_digest(new=5, expected=5, dates=dates))
    (notice,) = outcome.notices
    assert notice.kind == "gap"
    assert notice.detail == {
        "feed": URL,
        "last_seen": (NOW - 10 * HOUR).isoformat(),
        "first_seen": (NOW - 4 * HOUR).isoformat(),
        "estimate": 5,
    }
    assert outcome.feed.rhythm.pace is not None
    assert outcome.feed.rhythm.pace < 1.5 * HOUR


def test_without_dates_a_gap_lies_between_the_polls_and_has_no_estimate() -> None:
    """A dataset's user can still tell what is covered."""
    feed = a_feed(last_ok_at=NOW - DAY)
    (notice,) = polled(feed, a_document(), a_digest(new=5, expected=5)).notices
    assert notice.detail["estimate"] is None
    assert datetime.fromisoformat(str(notice.detail["last_seen"])) == NOW - DAY
    assert datetime.fromisoformat(str(notice.detail["first_seen"])) == NOW + HOUR


def test_what_overlaps_or_has_nothing_before_it_is_no_gap() -> None:
    """SC-33, ST-32: nor is a document that is empty now."""
    for read in (a_digest(new=5, old=1, expected=6), a_digest(new=5, expected=0), a_digest(expected=5)):
        assert polled(a_feed(), a_document(), read).notices == ()


def test_dates_that_overlap_leave_nothing_missing() -> None:
    """Estimate 0: the entries are others, but none is later than what was known."""
    feed = a_feed(rhythm=Rhythm(gap=HOUR, newest_at=NOW))
    (notice,) = polled(feed, a_document(), a_digest(new=2, expected=5, dates=(NOW, NOW - DAY))).notices
    assert notice.detail["estimate"] == 0
