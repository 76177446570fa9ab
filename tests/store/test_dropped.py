"""Entries that a rule keeps out."""

from dataclasses import replace
from datetime import timedelta

from aggregator.model import Digest, Draft, Dropped, Identity
from aggregator.store.contract import Store
from tests.store.factory import NOW, a_digest, a_draft, a_store, claim, current_records, poll
from tests.store.places import Place

A, B = "https://a.example/feed", "https://b.example/feed"
HOUR = timedelta(hours=1)


def without(draft: Draft, *drafts: Draft, known: tuple[Identity, ...] = ()) -> Digest:
    """Return a digest that a rule took a draft from."""
    dropped = Dropped(identity=draft.identity, entry_hash=draft.entry_hash)
    return replace(a_digest(*drafts, known=known), dropped=(dropped,))


def window(store: Store, url: str, hours: int) -> dict[bytes, bytes]:
    """Return what the feed's document holds, as far as it need not be looked at again."""
    with store.work() as work:
        feed = next(feed for feed in claim(work, NOW + hours * HOUR) if feed.url == url)
        found = dict(work.feeds.window(feed))
        work.feeds.release_claims()
    return found


def test_what_was_dropped_does_not_return_when_the_rule_is_gone(place: Place) -> None:
    """Neither unchanged nor edited, as long as its feed carries it; the story of another feed is another matter."""
    with a_store(place, A, B) as store:
        story, other = a_draft("x/1"), a_draft("x/2", title="Another")
        applied = poll(store, A, without(story, other), NOW)
        assert (applied.new, applied.dropped) == (1, 1)
        known = window(store, A, 2)
        assert known == {each.identity.guid_hash: each.entry_hash for each in (story, other)}
        for hours, draft in ((3, story), (4, replace(story, entry_hash=b"edited"))):
            assert poll(store, A, a_digest(draft, known=[other.identity]), NOW + hours * HOUR).new == 0
        assert window(store, A, 5)[story.identity.guid_hash] == b"edited"
        poll(store, A, a_digest(known=[story.identity, other.identity]), NOW + 6 * HOUR)
        assert len(window(store, A, 7)) == 2
        assert poll(store, B, a_digest(story), NOW + 8 * HOUR).new == 1


def test_a_record_whose_entry_is_dropped_later_stays_as_it_was(place: Place) -> None:
    """A rule keeps out; it takes nothing back."""
    with a_store(place, A) as store:
        poll(store, A, a_digest(a_draft("x/1", title="As it was")), NOW)
        edited = a_draft("x/1", title="Sponsored")
        assert poll(store, A, without(edited), NOW + HOUR).updated == 0
        assert window(store, A, 2) == {edited.identity.guid_hash: edited.entry_hash}
        with store.read() as work:
            assert [record.title for record in current_records(work)] == ["As it was"]
        assert [finding for finding in store.examine(NOW + HOUR) if finding.severity == "problem"] == []


def test_an_entry_that_was_dropped_still_owns_its_record(place: Place) -> None:
    """DD-07: no other entry of the document takes it over."""
    with a_store(place, A) as store:
        first, second = a_draft("x/1", guid="1", body="One."), a_draft("x/1", guid="2", body="Two.")
        poll(store, A, a_digest(first, second), NOW)
        third = a_draft("x/1", guid="2", body="Three.")
        assert poll(store, A, without(replace(first, entry_hash=b"ad"), third), NOW + HOUR).updated == 0
