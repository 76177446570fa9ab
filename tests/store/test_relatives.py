"""What a record's page names beside it: the same text elsewhere, and what else tells of its event."""

from dataclasses import replace
from datetime import timedelta

from aggregator.store.browsing import Mark
from aggregator.store.contract import Store
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll
from tests.store.places import Place

ONE, TWO, THREE = "https://one.example/feed", "https://two.example/feed", "https://three.example/feed"
QUAKE, SHOCK = "Strong earthquake shakes coast of Sumatra", "Earthquake off Sumatra coast kills dozens"
LATER = NOW + timedelta(hours=1)
TEXT = bytes(range(64))


def relatives(store: Store, slug: str) -> list[tuple[str, bool, str]]:
    with store.read() as work:
        story = work.browsing.story(slug)
    assert story is not None
    return [(each.slug, each.is_copy, each.source.name) for each in story.relatives]


def mark(store: Store, slug: str) -> Mark:
    with store.read() as work:
        found = work.browsing.mark(slug)
    assert isinstance(found, Mark)
    return found


def test_copies_come_before_what_tells_of_the_same_event(place: Place) -> None:
    quake = replace(a_draft("one/1", title=QUAKE), signature=TEXT)
    with a_store(place, ONE, TWO, THREE) as store:
        poll(store, ONE, a_digest(quake, a_draft("one/2", title="Quite another story")), NOW)
        before = mark(store, quake.slug)
        poll(store, TWO, a_digest(replace(a_draft("two/1", title="A copy"), signature=TEXT)), LATER)
        copied = mark(store, quake.slug)
        assert (copied.relatives != before.relatives, copied.changed_at) == (True, LATER)
        poll(store, THREE, a_digest(a_draft("three/1", title=SHOCK)), LATER)
        with store.work() as work:
            work.clusters.catch_up(LATER, limit=50)
        assert relatives(store, quake.slug) == [
            ("a-copy", True, "two.example/feed"),
            (SHOCK.lower().replace(" ", "-"), False, "three.example/feed"),
        ]
        assert mark(store, quake.slug).relatives not in {before.relatives, copied.relatives}
        assert relatives(store, "a-copy") == [(quake.slug, True, "one.example/feed")]
        assert relatives(store, "quite-another-story") == []


def test_a_mark_is_another_when_a_relative_says_something_else(place: Place) -> None:
    with a_store(place, ONE, TWO) as store:
        poll(store, ONE, a_digest(replace(a_draft("one/1", title="One"), signature=TEXT)), NOW)
        poll(store, TWO, a_digest(replace(a_draft("two/1", title="Two"), signature=TEXT)), NOW)
        before = mark(store, "one")
        assert mark(store, "one") == before
        poll(store, TWO, a_digest(replace(a_draft("two/1", title="Two", body="More."), signature=TEXT)), LATER)
        after = mark(store, "one")
        assert (after.revision, after.seq) == (before.revision, before.seq)
        assert (after.relatives != before.relatives, after.changed_at) == (True, LATER)
