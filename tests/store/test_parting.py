"""Undoing wrong merges; nothing merges them again."""

import pytest

from aggregator.store.past import Parted, PartingError
from tests.replay import FEED, Replay, kinds, replaying
from tests.store.places import Place
from tests.stories import WORDS, rss, story

OTHER = "https://other.example/feed"
PROXY, PAGE = "https://proxy.example/~r/abc", "https://site.example/ferry"


def part(replay: Replay, slug: str, name: str | None = None) -> Parted:
    """Part a record now."""
    with replay.store.work() as work:
        return work.past.part(slug, name, replay.now)


def test_a_merged_record_comes_back_for_good(place: Place) -> None:
    """ID-10: with an ``updated`` line and its own entries."""
    title = "Ferry sails again"
    mine = rss([story(1, link=PROXY, guid="p1", title=title, body=WORDS)])
    theirs = rss([story(1, link=PAGE, guid="t1", title=title, body=WORDS)])
    mended = rss([story(1, link=PAGE, guid="p1", title=title, body=WORDS)])
    with replaying(place, FEED, OTHER) as replay:
        replay.read(theirs, OTHER)
        replay.read(mine)
        (merged,) = replay.read(mended)
        assert merged.record
        parted = part(replay, merged.record.slug)
        assert (parted.slug, parted.restored) == (merged.record.slug, True)
        assert (replay.log()[-1].kind, replay.log()[-1].revision) == ("updated", 2)
        assert len(replay.records()) == 2
        assert replay.read(mended.replace("</", " </", 3)) == []
        assert replay.read(theirs.replace("</", " </", 3), OTHER) == []
        assert kinds(replay.read(mended.replace("Monday", "Friday"))) == ["updated"]
        with pytest.raises(PartingError, match="was not merged"):
            part(replay, merged.record.slug)


def test_a_link_that_was_wrongly_held_to_be_a_new_name_is_parted(place: Place) -> None:
    """ID-01: both stories have their own words again, each with its line, and keep to their links."""
    first = story(1, guid="g", link="https://site.example/first-link", title="Harbour ferry sails", body="It sails.")
    second = story(1, guid="g", link="https://site.example/other-link", title="Harbour ferry sails!", body="It burnt.")
    with replaying(place) as replay:
        replay.read(rss([first]))
        assert kinds(replay.read(rss([second]))) == ["updated"]
        (record,) = replay.records()
        parted = part(replay, record.slug, "https://site.example/other-link")
        assert kinds(replay.log())[-2:] == ["new", "updated"]
        assert {each.slug: each.body_md for each in replay.records()} == {
            record.slug: "It sails.",
            parted.slug: "It burnt.",
        }
        replay.read(rss([second]))
        assert {each.slug: each.body_md for each in replay.records()} == {
            record.slug: "It sails.",
            parted.slug: "It burnt.",
        }
        assert replay.feed().distrust == 0
        lines = replay.read(rss([first.replace("It sails", "It sails on")]))
        assert [line.record and line.record.slug for line in lines if line.kind == "updated"] == [record.slug]
        assert len(replay.records()) == 2


def test_an_entry_that_shares_a_link_is_parted_by_its_guid(place: Place) -> None:
    """DD-07: the words that it never gave are read with the next poll."""
    items = [story(1, guid=guid, link=PAGE, title="Ferry sails", body=f"{guid} {WORDS}") for guid in ("one", "two")]
    with replaying(place) as replay:
        replay.read(rss(items))
        (record,) = replay.records()
        assert record.body_md.startswith("one")
        parted = part(replay, record.slug, "two")
        assert kinds(replay.log()) == ["new", "new"]
        (line,) = replay.read(rss(items))
        assert line.record
        assert (line.kind, line.record.slug, line.record.body_md[:3]) == ("updated", parted.slug, "two")
        assert replay.read(rss(items)) == []
        assert kinds(replay.read(rss([items[0], items[1].replace("Monday", "Friday")]))) == ["updated"]


def test_what_cannot_be_parted_is_said(place: Place) -> None:
    """And nothing is changed."""
    with replaying(place) as replay:
        replay.read(rss([story(1, guid="g")]))
        (record,) = replay.records()
        for slug, name, words in (
            ("nothing", None, "no record"),
            (record.slug, None, "was not merged"),
            (record.slug, "stranger", "has no entry"),
            (record.slug, "g", "nothing to part"),
        ):
            with pytest.raises(PartingError, match=words):
                part(replay, slug, name)
        assert kinds(replay.log()) == ["new"]


def test_names_say_why_they_lead_to_the_record(place: Place) -> None:
    """ID-10, ID-12: reason and confidence of every alias."""
    with replaying(place) as replay:
        replay.read(rss([story(1, site="https://old.example")]))
        replay.read(rss([story(1, site="https://new.example")]))
        (record,) = replay.records()
        with replay.store.read() as work:
            names = work.past.names(record.slug)
            assert work.past.names("nothing") == []
    assert [(name.kind, name.name, name.reason, name.confidence) for name in names] == [
        ("entry", "https://old.example/articles/1-story", None, None),
        ("entry", "https://new.example/articles/1-story", "guid-path", 0.95),
        ("link", "old.example/articles/1-story", None, None),
        ("link", "new.example/articles/1-story", "guid-path", 0.95),
    ]
