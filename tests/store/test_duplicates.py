"""Near copies are found when they come, in whichever feed."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.model import Draft, NearDuplicate, Record, Seq
from aggregator.store.contract import Store
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll
from tests.store.places import Place

ONE, TWO = "https://one.example/feed", "https://two.example/feed"


def signed(key: str, text: int, changed: int = 0) -> Draft:
    """Return a draft with the signature of a text, so many of its 64 places changed."""
    places = bytearray(random.Random(text).randbytes(64))
    for place in random.Random(key).sample(range(64), changed):
        places[place] ^= 1
    return replace(a_draft(key, title=key.replace("/", " "), body=key), signature=bytes(places))


def found(store: Store, slug: str) -> list[tuple[str, float]]:
    with store.read() as work:
        record = work.records.by_slug(slug)
        assert record is not None
        return [(each.slug, each.likeness) for each in work.duplicates.of([record.id]).get(record.id, ())]


def count(store: Store, table: str) -> int:
    with store.read() as work:
        return int(work.duplicates._sql.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # type: ignore[attr-defined]


def told(store: Store) -> list[tuple[Record | None, tuple[NearDuplicate, ...]]]:
    with store.read() as work:
        return [(change.record, change.near_duplicates) for change in work.log.after(Seq(0), limit=99)]


def later(days: float) -> datetime:
    return NOW + timedelta(days=days)


def test_a_copy_in_another_feed_is_found_both_ways(place: Place) -> None:
    """DD-09: recorded, and both stay records of their own."""
    with a_store(place, ONE, TWO) as store:
        poll(store, ONE, a_digest(signed("one/a", 1), signed("one/b", 2)), NOW)
        poll(store, TWO, a_digest(signed("two/a", 1, changed=8)), later(5))
        assert found(store, "two-a") == [("one-a", 0.875)]
        assert found(store, "one-a") == [("two-a", 0.875)]
        assert found(store, "one-b") == []
        ((_, (near,)), _, (_, (back,))) = told(store)
        assert (near.slug, near.title, near.feed.url) == ("two-a", "two a", TWO)
        assert (back.slug, back.feed.url) == ("one-a", ONE)


def test_copies_within_one_document_are_found(place: Place) -> None:
    with a_store(place, ONE) as store:
        poll(store, ONE, a_digest(signed("one/a", 1), signed("one/b", 1)), NOW)
        assert found(store, "one-a") == [("one-b", 1.0)]


def test_less_than_half_is_not_near(place: Place) -> None:
    with a_store(place, ONE, TWO) as store:
        poll(store, ONE, a_digest(signed("one/a", 1)), NOW)
        poll(store, TWO, a_digest(signed("two/a", 1, changed=33), a_draft("two/b", title="two b")), NOW)
        assert found(store, "one-a") == found(store, "two-a") == found(store, "two-b") == []


def test_a_changed_text_is_looked_at_anew(place: Place) -> None:
    with a_store(place, ONE, TWO) as store:
        poll(store, ONE, a_digest(signed("one/a", 1), signed("one/b", 2)), NOW)
        poll(store, TWO, a_digest(signed("two/a", 1)), NOW)
        changed = replace(signed("two/a", 2), body_md="Other words.", content_hash=b"x" * 16, entry_hash=b"x" * 16)
        assert poll(store, TWO, a_digest(changed), later(1)).updated == 1
        assert found(store, "one-a") == []
        assert found(store, "two-a") == [("one-b", 1.0)]


def test_a_text_is_found_for_a_week_at_least_and_a_pair_for_ever(place: Place) -> None:
    with a_store(place, ONE, TWO) as store:
        poll(store, ONE, a_digest(signed("one/a", 1)), NOW)
        poll(store, TWO, a_digest(signed("two/a", 1)), later(7))
        poll(store, TWO, a_digest(signed("two/b", 1)), later(40))
        poll(store, TWO, a_digest(signed("two/c", 5)), later(40))
        assert found(store, "one-a") == [("two-a", 1.0)]
        assert found(store, "two-b") == []


def test_what_is_too_old_to_be_found_is_deleted_by_later_polls(place: Place) -> None:
    with a_store(place, ONE) as store:
        poll(store, ONE, a_digest(*(signed(f"one/{each}", each) for each in range(8))), NOW)
        assert (count(store, "signatures"), count(store, "bands")) == (8, 80)
        poll(store, ONE, a_digest(signed("one/later", 99)), later(30))
        assert (count(store, "signatures"), count(store, "bands")) == (1, 10)


def test_what_is_repeated_without_end_costs_no_more(place: Place) -> None:
    with a_store(place, ONE) as store:
        poll(store, ONE, a_digest(*(signed(f"one/{each}", 1) for each in range(300))), NOW)
        assert count(store, "bands") == 10 * 32
        assert count(store, "near_duplicates") <= 2 * 10 * 300
        assert len(found(store, "one-0")) == 20


def test_the_limit_of_one_statement_is_none_of_a_document(place: Place) -> None:
    with a_store(place, ONE) as store:
        poll(store, ONE, a_digest(*(signed(f"one/{each}", each) for each in range(4000))), NOW)
        assert count(store, "signatures") == 4000


def test_a_pruned_record_leaves_nothing_behind(place: Place) -> None:
    """A record that has its number later is not taken for it."""
    with a_store(place, ONE, TWO) as store:
        poll(store, ONE, a_digest(signed("one/a", 1)), NOW)
        poll(store, TWO, a_digest(signed("two/a", 1)), later(3))
        with store.work() as work:
            assert work.retention.prune(timedelta(days=1), later(3), waits_for=(), limit=10) == 1
        assert found(store, "two-a") == []
        assert (count(store, "signatures"), count(store, "near_duplicates")) == (1, 0)
        poll(store, TWO, a_digest(signed("two/b", 1)), later(3))
        assert found(store, "two-b") == [("two-a", 1.0)]
