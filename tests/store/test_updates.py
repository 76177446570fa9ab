"""Edits, churn and retractions, document after document, through the real path."""

from datetime import timedelta

import pytest

from aggregator.store.edits import MOST_CHURN
from tests.replay import FEED, HOUR, START, kinds, replaying
from tests.store.places import Place
from tests.stories import WORDS, atom, rss, story

OTHER = "https://other.example/feed"


def test_an_edit_is_a_revision_and_only_counters_are_none(place: Place) -> None:
    """DD-01, DD-02, DD-03: numbers of views and times relative to now change all the time."""
    with replaying(place) as replay:
        replay.read(rss([story(1, body=f"<p>{WORDS}</p> <p>12 views, 3 comments, posted 5 minutes ago</p>")]))
        churned = f"<p class='x'>{WORDS} </p><p>1,340 views, 31 comments, posted 2 hours ago</p>"
        assert replay.read(rss([story(1, body=churned)])) == []
        (line,) = replay.read(rss([story(1, body=churned.replace("Monday", "Tuesday"))]))
        assert (line.kind, line.revision) == ("updated", 2)


def test_a_text_that_changes_with_every_poll_is_let_go(place: Place) -> None:
    """DD-02: after so many revisions that no date of an edit called for; other stories do not suffer."""
    with replaying(place) as replay:
        for poll in range(MOST_CHURN + 10):
            replay.read(rss([story(1, body=f"{WORDS} Today's advertisement: {poll} {poll * 7919}"), story(2)]))
        assert kinds(replay.log()) == ["new", "new"] + ["updated"] * MOST_CHURN
        assert kinds(replay.read(rss([story(1), story(2, body="Edited.")]))) == []  # cut short: DD-04
        assert kinds(replay.read(rss([story(1), story(2, title="Edited")]))) == ["updated"]


def test_dated_edits_are_never_let_go(place: Place) -> None:
    """DD-02: a live blog says when it was edited."""
    with replaying(place) as replay:
        for poll in range(MOST_CHURN + 10):
            lines = replay.read(atom(("a", "Live blog of the harbour", f"{WORDS} Entry {poll}.", START + poll * HOUR)))
            assert kinds(lines) == ["updated" if poll else "new"]


def test_a_text_that_is_cut_short_does_not_replace_the_whole_one(place: Place) -> None:
    """DD-04: without a newer date of an edit; a new title is taken all the same."""
    with replaying(place) as replay:
        replay.read(rss([story(1, body=WORDS)]))
        for cut in (WORDS[:90] + "…", "A summary of it.", ""):
            assert replay.read(rss([story(1, body=cut)])) == []
        (line,) = replay.read(rss([story(1, title="Ferry sails", body=WORDS[:90])]))
        assert line.record
        assert (line.record.title, line.record.body_md) == ("Ferry sails", WORDS)
        assert replay.read(rss([story(1, title="Ferry sails", body=WORDS)])) == []
        shorter = WORDS.replace("; the captain told a crowd at the pier that", ":")
        assert kinds(replay.read(rss([story(1, title="Ferry sails", body=shorter)]))) == ["updated"]


def test_a_dated_edit_may_shorten_a_text(place: Place) -> None:
    """DD-04."""
    with replaying(place) as replay:
        replay.read(atom(("a", "Ferry", WORDS, START)))
        assert replay.read(atom(("a", "Ferry", WORDS[:90], START))) == []
        assert kinds(replay.read(atom(("a", "Ferry", "Withdrawn.", START + HOUR)))) == ["updated"]


def test_a_newer_date_alone_is_noted_and_no_line(place: Place) -> None:
    """DD-05; and DD-02: dates that are all the moment of the document's making are none."""
    with replaying(place) as replay:
        replay.read(atom(("a", "Ferry", WORDS, START)))
        assert replay.read(atom(("a", "Ferry", WORDS, START + HOUR))) == []
        # The date is known now: the same one again does not let a shorter text in.
        assert replay.read(atom(("a", "Ferry", WORDS[:90], START + HOUR))) == []
        stamped = [(str(n), f"Ferry {n}", WORDS, START) for n in range(4)]
        replay.read(atom(*stamped))
        again = [(name, title, WORDS[:90], START + HOUR) for name, title, _, _ in stamped]
        assert replay.read(atom(*again)) == []


def test_a_feed_that_dates_its_archive_anew_tells_nothing(place: Place) -> None:
    """DD-16."""
    with replaying(place) as replay:
        replay.read(rss(story(n, days=n) for n in range(10)))
        assert replay.read(rss(story(n, days=n / 100) for n in range(10))) == []


def test_the_past_of_a_feed_is_marked_as_such(place: Place) -> None:
    """DD-15: what the first document holds is no news."""
    with replaying(place) as replay:
        assert [line.detail for line in replay.read(rss([story(1), story(2)]))] == [{"backfill": True}] * 2
        assert [line.detail for line in replay.read(rss([story(3), story(1), story(2)]))] == [None]


def test_a_story_gone_from_the_middle_is_retracted_once_and_comes_back_updated(place: Place) -> None:
    """ID-21: its last words stay readable, in the export too."""
    whole = [story(n, days=n) for n in range(6)]
    holed = [item for n, item in enumerate(whole) if n != 3]
    with replaying(place) as replay:
        replay.read(rss(whole))
        (line,) = replay.read(rss(holed))
        assert line.kind == "retracted"
        assert line.revision == 1
        assert line.record
        assert line.record.title == "Story number 3 of the harbour town"
        assert replay.read(rss(holed)) == []
        assert replay.read(rss([story(7, days=-0.1), *holed]))[0].kind == "new"
        assert line.record in replay.records()
        (back,) = replay.read(rss(whole))
        assert (back.kind, back.revision) == ("updated", 2)
        assert replay.read(rss(whole)) == []


def test_what_leaves_at_an_end_is_not_retracted(place: Place) -> None:
    """ID-21: the oldest grow out of the list; an old copy of the document lacks the newest; an empty one lacks all."""
    with replaying(place) as replay:
        replay.read(rss(story(n, days=n) for n in range(6)))
        assert kinds(replay.read(rss(story(n, days=n) for n in range(-2, 4)))) == ["new", "new"]
        assert replay.read(rss(story(n, days=n) for n in range(4))) == []
        assert replay.read(rss([])) == []
        assert replay.read(rss(story(n, days=n) for n in (0, 1, 3)))[0].kind == "retracted"


@pytest.mark.parametrize("days", [[5, 0, 1, 2, 3, 4], [None] * 6, [0, 4, 1, 3, 2, 5]])
def test_a_list_that_is_not_in_the_order_of_its_dates_retracts_nothing(place: Place, days: list[float | None]) -> None:
    """ID-21: a ranking drops entries from its middle all the time."""
    items = [story(n, days=each) for n, each in enumerate(days)]
    with replaying(place) as replay:
        replay.read(rss(items))
        assert replay.read(rss([*items[:2], *items[3:]])) == []


def test_what_falls_off_above_a_pinned_entry_is_not_retracted(place: Place) -> None:
    """ID-21: the list moves on, and only the pinned entry is older."""
    pinned = story(99, days=900)
    with replaying(place) as replay:
        for newest in range(0, -5, -1):
            lines = replay.read(rss([*(story(n + 50, days=n + 10) for n in range(newest, newest + 6)), pinned]))
            assert "retracted" not in kinds(lines)


def test_a_list_that_lost_a_third_is_another_list(place: Place) -> None:
    """ID-21: a filter was set, or a part of the site is down."""
    with replaying(place) as replay:
        replay.read(rss(story(n, days=n) for n in range(12)))
        assert replay.read(rss(story(n, days=n) for n in range(12) if n % 2 == 0 or n == 11)) == []


def test_a_story_that_another_feed_carries_is_not_retracted(place: Place) -> None:
    """DD-06: it is still told."""
    whole = [story(n, days=n) for n in range(5)]
    with replaying(place, FEED, OTHER) as replay:
        replay.read(rss(whole))
        replay.read(rss(whole[1:3]), OTHER)
        (line,) = replay.read(rss([whole[0], whole[4]]))
        assert line.record
        assert (line.kind, line.record.title) == ("retracted", "Story number 3 of the harbour town")


def test_a_retracted_story_that_another_feed_brings_is_back(place: Place) -> None:
    """DD-06: with that feed's words."""
    whole = [story(n, days=n) for n in range(5)]
    with replaying(place, FEED, OTHER) as replay:
        replay.read(rss(whole))
        replay.read(rss(whole[:2] + whole[3:]))
        (line,) = replay.read(rss([story(2, body=WORDS)]), OTHER)
        assert (line.kind, line.revision, line.record and line.record.body_md) == ("updated", 2, WORDS)
        assert replay.read(rss([story(2, body=WORDS)]), OTHER, after=timedelta(days=1)) == []
