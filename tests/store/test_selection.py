"""What an output is about, as the store finds it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.model import Change, FeedConfig, Notice, Origin, Selection, Seq
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from tests.store.factory import NOW, a_digest, a_draft, poll
from tests.store.places import Place

A, B = "https://a.example/", "https://b.example/"
HOUR = timedelta(hours=1)


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    """Offer four stories: 1 and 2 of A, 2 and 3 of B; 1 is edited, and B had a gap."""
    opened = open_store(place.url, create=True)
    with opened.work() as work:
        work.feeds.sync([FeedConfig(url=A, name="Aye", tags=("x", "y")), FeedConfig(url=B, tags=("y",))], NOW)
    first = replace(a_draft("s/1", title="One"), lang="zh-Hans")
    second = replace(a_draft("s/2", title="Two"), topics=("sport", "news"))
    third = replace(a_draft("s/3", title="Three"), topics=(), lang=None)
    poll(opened, A, a_digest(first, second), NOW)
    poll(opened, B, a_digest(second, third), NOW + HOUR)
    edited = replace(a_draft("s/1", title="One", body="Edited."), lang="zh-Hant", topics=("sport",))
    poll(opened, A, a_digest(edited, second), NOW + 2 * HOUR)
    with opened.work() as work:
        feed = work.schedule.find(B)
        assert feed is not None
        work.log.note([Notice(kind="gap", detail={"missed": 2})], feed, NOW + 3 * HOUR)
    yield opened
    opened.close()


RECORDS: list[tuple[Selection, list[str]]] = [
    (Selection(), ["two", "three", "one"]),  # by their last change
    (Selection(feeds=(A,)), ["two", "one"]),
    (Selection(feeds=("Aye",)), ["two", "one"]),
    (Selection(feeds=(B,)), ["two", "three"]),
    (Selection(feeds=(A, B)), ["two", "three", "one"]),
    (Selection(tags=("x",)), ["two", "one"]),
    (Selection(feeds=(B,), tags=("x",)), []),
    (Selection(topics=("sport",)), ["two", "one"]),
    (Selection(langs=("zh",)), ["one"]),
    (Selection(langs=("zh-Hant", "en")), ["two", "one"]),
    (Selection(langs=("z",)), []),
    (Selection(since=NOW + HOUR), ["three", "one"]),
    (Selection(since=NOW, until=NOW + HOUR), ["two"]),
    (Selection(since=NOW + 9 * HOUR), []),
]


@pytest.mark.parametrize(("selection", "slugs"), RECORDS)
def test_records_are_selected(store: Store, selection: Selection, slugs: list[str]) -> None:
    """A record is of every feed that carried it."""
    with store.read() as work:
        assert [row[0] for rows in work.records.rows(selection) for row in rows] == slugs


CHANGES: list[tuple[Selection, list[int]]] = [
    (Selection(), [1, 2, 3, 4, 5]),
    (Selection(kinds=("gap",)), [5]),
    (Selection(kinds=("updated", "gap")), [4, 5]),
    (Selection(feeds=(B,)), [3, 5]),
    (Selection(tags=("x",)), [1, 2, 4]),
    (Selection(topics=("sport",)), [2, 4]),
    (Selection(langs=("zh-Hans",)), [1]),
    (Selection(since=NOW + HOUR, until=NOW + 3 * HOUR), [3, 4]),
]


@pytest.mark.parametrize(("selection", "seqs"), CHANGES)
def test_changes_are_selected(store: Store, selection: Selection, seqs: list[int]) -> None:
    """By the feed whose poll made them; topics and languages are those of the revision, though it is packed."""
    with store.read() as work:
        batch = work.log.select(Seq(0), selection, limit=100)
        assert [change.seq for change in batch.changes] == seqs
        assert batch.through == 5


@pytest.mark.parametrize("selection", [selection for selection, _ in CHANGES])
def test_a_reader_of_small_batches_has_everything_once(store: Store, selection: Selection) -> None:
    """OI-10: wherever a batch ends, its ``through`` is a place to go on from."""
    with store.read() as work:
        whole = work.log.select(Seq(0), selection, limit=100).changes
        seen: list[Change] = []
        seq = Seq(0)
        while (batch := work.log.select(seq, selection, limit=1)).through > seq:
            seen += batch.changes
            seq = batch.through
    assert tuple(seen) == whole


def test_a_change_tells_where_it_came_from(store: Store) -> None:
    with store.read() as work:
        first, *_, gap = work.log.after(Seq(0), limit=9)
    assert first.feed == Origin(url=A, name="Aye", title=None)
    assert first.sighting is not None
    assert (first.sighting.guid, first.sighting.link) == ("s/1", "https://s/1")
    assert (first.sighting.first_seen, first.sighting.date_flags) == (NOW, ())
    assert (gap.feed, gap.sighting) == (Origin(url=B, name=None, title=None), None)


def test_a_change_tells_what_is_known_beside_the_record(store: Store) -> None:
    details = {
        "flags": ["hidden_text"],
        "provenance": {"lang": "model/1"},
        "date_flags": ["tz_guessed"],
        "entity_kinds": {"Ann Otter": "person"},
    }
    poll(store, A, a_digest(replace(a_draft("s/4", title="Four"), details=details)), NOW + 4 * HOUR)
    with store.read() as work:
        *_, gap, four = work.log.after(Seq(0), limit=9)
    assert (four.flags, four.provenance) == (("hidden_text",), {"lang": "model/1"})
    assert four.entity_kinds == {"Ann Otter": "person"}
    assert four.sighting is not None
    assert four.sighting.date_flags == ("tz_guessed",)
    assert (gap.flags, gap.provenance, gap.entity_kinds) == (None, None, None)


def test_the_seq_before_a_moment_is_found(store: Store) -> None:
    """For a replay from a date."""
    with store.read() as work:
        assert [work.log.before(NOW + hours * HOUR) for hours in (-1, 0, 1, 2, 9)] == [0, 0, 2, 3, 5]


def test_what_is_seldom_is_looked_for_a_hundred_thousand_changes_at_a_time(store: Store) -> None:
    with store.work() as work:
        work.log._sql.execute(  # type: ignore[attr-defined]
            "INSERT INTO changes (seq, kind, at) VALUES (150000, 'health', '2026-06-25 00:00:00')"
        )
    with store.read() as work:
        first = work.log.select(Seq(10), Selection(kinds=("health",)), limit=10)
        assert (first.changes, first.through) == ((), 100_010)
        second = work.log.select(first.through, Selection(kinds=("health",)), limit=10)
        assert ([change.seq for change in second.changes], second.through) == ([150_000], 150_000)
