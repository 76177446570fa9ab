"""Records that are enriched again by other rules."""

from dataclasses import replace

from aggregator.model import Draft, RecordId, Renewal, Selection, Seq, Stored
from aggregator.store.contract import Store
from aggregator.store.refinements import Refined
from aggregator.store.renewals import RenewalPlace
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll
from tests.store.places import Place

URL, OTHER = "https://a.example/feed", "https://b.example/feed"
ALL = Selection()
SOURCE = {"topics": "rules/2"}


def a_story(number: int, **details: object) -> Draft:
    return replace(a_draft(f"x/{number}", title=f"Story {number}"), details=details)


def stored(store: Store, after: RecordId | None = None, selection: Selection = ALL, limit: int = 9) -> list[Stored]:
    with store.read() as work:
        return work.renewals.after(after, selection, limit=limit)


def renew(store: Store, each: Stored, **changed: tuple[str, ...]) -> int:
    found = Renewal(
        record=each.record, revision=each.revision, changed=changed, sources=SOURCE, kinds={"Anna": "person"}
    )
    with store.work() as work:
        return work.renewals.renew([found], NOW)


def test_records_are_offered_in_their_order_with_what_is_known_of_them(place: Place) -> None:
    with a_store(place, URL, OTHER) as store:
        said = {"provenance": {"lang": "feed"}, "categories": ["A"], "tags": ["B"], "boilerplate": {"standing": 7}}
        poll(store, URL, a_digest(a_story(1, **said), a_story(2)), NOW)
        poll(store, OTHER, a_digest(a_story(3)), NOW)
        first, second, third = stored(store)
        assert (first.provenance, first.categories, first.tags, first.standing) == ({"lang": "feed"}, ("A",), ("B",), 7)
        assert (second.provenance, second.categories, second.tags, second.standing) == ({}, (), (), 0)
        assert (third.record.slug, third.revision, third.feed_url) == ("story-3", 1, OTHER)
        assert stored(store, first.record.id, limit=1) == [second]
        assert stored(store, selection=Selection(feeds=(OTHER,))) == [third]
        with store.read() as work:
            assert (work.renewals.count(ALL), work.renewals.count(Selection(feeds=(URL,)))) == (3, 2)


def test_what_changes_is_a_revision_that_says_why(place: Place) -> None:
    with a_store(place, URL) as store:
        poll(store, URL, a_digest(a_story(1)), NOW)
        (before,) = stored(store)
        assert renew(store, before, topics=("ferries",)) == 1
        assert renew(store, before, topics=("boats",)) == 0, "it has had another revision since"
        with store.read() as work:
            lines = work.log.after(Seq(0), limit=9)
        assert [(line.kind, line.revision) for line in lines] == [("new", 1), ("updated", 2)]
        assert lines[1].detail == {"renewed": SOURCE}
        assert (lines[1].provenance, lines[1].entity_kinds) == (SOURCE, {"Anna": "person"})
        (after,) = stored(store)
        assert (after.record.topics, after.revision) == (("ferries",), 2)
        assert poll(store, URL, a_digest(a_story(1)), NOW).updated == 0, "the feed's words are the same"


def test_where_nothing_changes_it_is_noted_who_was_asked(place: Place) -> None:
    with a_store(place, URL) as store:
        poll(store, URL, a_digest(a_story(1)), NOW)
        assert renew(store, *stored(store)) == 0
        (after,) = stored(store)
        assert (after.revision, after.provenance) == (1, SOURCE)


def test_a_poll_that_only_touches_a_record_leaves_who_found_its_fields(place: Place) -> None:
    with a_store(place, URL) as store:
        poll(store, URL, a_digest(a_story(1)), NOW)
        renew(store, *stored(store))
        touching = replace(a_story(1, categories=["C"]), entry_hash=b"e" * 16, content_hash=b"c" * 16)
        assert poll(store, URL, a_digest(touching), NOW).updated == 0
        (after,) = stored(store)
        assert (after.provenance, after.categories) == (SOURCE, ("C",))
        with store.read() as work:
            (line,) = work.log.after(Seq(0), limit=9)
        assert line.entity_kinds == {"Anna": "person"}


def test_a_model_leaves_the_topics_that_rules_of_the_operator_gave(place: Place) -> None:
    with a_store(place, URL) as store:
        poll(store, URL, a_digest(replace(a_story(1, tags=["Our Town"]), topics=("our-town", "old"))), NOW)
        (before,) = stored(store)
        said = Refined(summary=None, topics=("by-a-model",), entities=None, source="llm:some")
        with store.work() as work:
            assert work.refinements.refine(before.record.id, 1, said, NOW)
        assert stored(store)[0].record.topics == ("our-town", "by-a-model")


def test_a_place_is_that_of_its_rules(place: Place) -> None:
    with a_store(place) as store, store.work() as work:
        assert work.renewals.place("one") == RenewalPlace(rules="one")
        there = RenewalPlace(rules="one", after=RecordId(12), done=True)
        work.renewals.move(there)
        assert work.renewals.place("one") == there
        assert work.renewals.place("two") == RenewalPlace(rules="two")
