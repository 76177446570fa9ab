"""Stories: once each, with their sightings and revisions."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.model import Selection, Seq
from aggregator.store.location import open_store
from tests.store.factory import NOW, a_digest, a_draft, a_store, current_records, poll
from tests.store.places import Place

A, B = "https://a.example/feed", "https://b.example/feed"
LATER = NOW + timedelta(hours=2)


def test_the_same_story_in_a_second_feed_is_a_sighting(place: Place) -> None:
    """DD-06: one record, one line, two sightings."""
    with a_store(place, A, B) as store:
        poll(store, A, a_digest(a_draft("x.example/1", guid="a1")), NOW)
        poll(store, B, a_digest(a_draft("x.example/1", guid="b1", body="Shorter.")), LATER)
        with store.read() as work:
            assert [change.kind for change in work.log.after(Seq(0), limit=10)] == ["new"]
            assert [record.body_md for record in current_records(work)] == ["Its body."]
    assert place.rows("SELECT feed_id, guid FROM sightings ORDER BY id") == [(1, "a1"), (2, "b1")]


def test_a_story_seen_again_changes_nothing(place: Place) -> None:
    """ID-21, XM: what is known is decided by identity and content, not by a 304."""
    with a_store(place, A) as store:
        digest = a_digest(a_draft("x.example/1"), a_draft("x.example/2", title="Another"))
        assert poll(store, A, digest, NOW).new == 2
        again = poll(store, A, digest, LATER)
        assert (again.new, again.updated) == (0, 0)
        with store.read() as work:
            assert work.log.last() == 2


def test_a_changed_story_is_a_revision_and_keeps_its_slug(place: Place) -> None:
    """DD-01; the log gives each revision as it was."""
    with a_store(place, A) as store:
        poll(store, A, a_digest(a_draft("x.example/1", title="First words")), NOW)
        poll(store, A, a_digest(a_draft("x.example/1", title="Better words")), LATER)
        with store.read() as work:
            new, updated = work.log.after(Seq(0), limit=10)
            (current,) = current_records(work)
    assert new.record is not None
    assert (new.kind, new.revision, new.record.title, new.record.updated_at) == ("new", 1, "First words", NOW)
    assert (updated.kind, updated.revision, updated.record) == ("updated", 2, current)
    assert (current.slug, current.title, current.updated_at) == ("first-words", "Better words", LATER)


def test_a_known_guid_with_a_new_link_is_the_same_story(place: Place) -> None:
    """ID-01: the new link becomes an alias, and finds the story from other feeds too."""
    with a_store(place, A, B) as store:
        poll(store, A, a_digest(a_draft("old.example/1", guid="g")), NOW)
        poll(store, A, a_digest(a_draft("new.example/1", guid="g")), LATER)
        poll(store, B, a_digest(a_draft("new.example/1", guid="h")), LATER)
        with store.read() as work:
            assert len(current_records(work)) == 1
    assert place.rows("SELECT match_key, record_id, reason FROM aliases") == [("new.example/1", 1, "same-guid")]


def test_the_same_guid_in_another_feed_is_another_story(place: Place) -> None:
    """ID-09: a guid means something in its own feed only."""
    with a_store(place, A, B) as store:
        poll(store, A, a_digest(a_draft("a.example/1", guid="1")), NOW)
        poll(store, B, a_digest(a_draft("b.example/1", guid="1", title="Another")), NOW)
        with store.read() as work:
            assert len(current_records(work)) == 2


def test_two_entries_of_one_story_do_not_take_turns(place: Place) -> None:
    """DD-07: the first entry gives the content; while it is in the feed, the second never overwrites it."""
    with a_store(place, A) as store:
        first = a_draft("x.example/1", guid="1", body="One.")
        second = a_draft("x.example/1", guid="2", body="Two.")
        poll(store, A, a_digest(first, second), NOW)
        second = a_draft("x.example/1", guid="2", body="Three.")
        assert poll(store, A, a_digest(second, known=[first.identity]), LATER).updated == 0
        assert poll(store, A, a_digest(second), LATER).updated == 1  # the first has left the feed


def test_slugs_are_unique(place: Place) -> None:
    """A title that was used before gets a short hash, also within one document."""
    with a_store(place, A) as store:
        poll(store, A, a_digest(a_draft("x.example/1"), a_draft("x.example/2")), NOW)
        poll(store, A, a_digest(a_draft("x.example/3")), LATER)
        with store.read() as work:
            slugs = [record.slug for record in current_records(work)]
            assert [work.records.by_slug(slug) is not None for slug in slugs] == [True] * 3
    assert slugs[0] == "a-story"
    assert len(set(slugs)) == 3
    assert all(slug.startswith("a-story-") for slug in slugs[1:])


def test_a_failed_commit_leaves_nothing(place: Place) -> None:
    """CR-18: entries, validators and schedule are written together or not at all."""
    with a_store(place, A) as store:
        unwritable = replace(a_draft("x.example/2"), lang="\ud800")
        with pytest.raises(UnicodeEncodeError):
            poll(store, A, a_digest(a_draft("x.example/1"), unwritable), NOW)
        with store.read() as work:
            assert work.log.last() == 0
            assert work.feeds.statuses()[0].last_poll_at is None


def test_processes_that_bring_the_same_story_at_once_make_one_record(place: Place) -> None:
    """DD-12: UNIQUE keys and immediate transactions decide."""
    urls = [f"https://{n}.example/feed" for n in range(8)]
    with a_store(place, *urls):
        pass
    barrier = threading.Barrier(len(urls))

    def bring(url: str) -> None:
        store = open_store(place.url)
        barrier.wait()
        for number in range(5):
            poll(store, url, a_digest(a_draft(f"x.example/{number}", guid=f"{url}{number}")), NOW)
        store.close()

    threads = [threading.Thread(target=bring, args=(url,)) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert place.rows("SELECT count(*), count(DISTINCT match_key) FROM records") == [(5, 5)]
    assert place.rows("SELECT count(*) FROM changes") == [(5,)]
    assert place.rows("SELECT count(*) FROM sightings") == [(40,)]


def test_current_records_come_in_the_order_of_their_last_change(place: Place) -> None:
    """And ``since`` leaves out what did not change after it."""
    with a_store(place, A) as store:
        poll(store, A, a_digest(a_draft("x.example/1", title="One"), a_draft("x.example/2", title="Two")), NOW)
        poll(store, A, a_digest(a_draft("x.example/1", title="One, mended")), LATER)
        with store.read() as work:
            assert [record.title for record in current_records(work)] == ["Two", "One, mended"]
            assert [record.title for record in current_records(work, Selection(since=LATER))] == ["One, mended"]
