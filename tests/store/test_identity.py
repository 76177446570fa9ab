"""Which story an entry is, document after document, through the real path."""

from pathlib import Path

import pytest

from aggregator.model import FeedConfig
from tests.replay import FEED, kinds, replaying
from tests.store.places import Place
from tests.stories import WORDS, rss, story

OTHER = "https://other.example/feed"


def aliases(place: Place) -> list[tuple[str, float]]:
    """Return (reason, confidence) of every alias."""
    return place.rows("SELECT reason, confidence FROM aliases ORDER BY match_key")


def test_a_site_that_moves_to_another_host_tells_nothing_again(place: Place) -> None:
    """ID-10, ID-12: guids, links and the links inside the texts change their host at once."""
    with replaying(place) as replay:
        for site in ("http://old.example", "https://old.example", "https://www.new.example"):
            body = f'{WORDS} <a href="{site}/more">More</a>'
            lines = replay.read(rss(story(n, site=site, body=f"{n} {body}") for n in range(10)))
            assert len(lines) == (10 if site == "http://old.example" else 0)
        assert len(replay.records()) == 10
        after = replay.read(rss(story(n, site="https://www.new.example") for n in range(9, 11)))
        assert sorted(kinds(after)) == ["new", "updated"]
    assert aliases(place)[:10] == [("guid-path", 0.95)] * 10


def test_new_guids_for_known_links_tell_nothing_again(place: Place) -> None:
    """ID-12: a migration of the publishing software; what comes with it is new."""
    with replaying(place) as replay:
        replay.read(rss(story(n, guid=f"old-{n}") for n in range(10)))
        lines = replay.read(rss(story(n, guid=f"urn:uuid:{n}") for n in range(1, 11)))
        assert [line.record and line.record.title for line in lines] == ["Story number 10 of the harbour town"]
        assert replay.feed().identity == "guid"
        assert replay.feed().distrust == 1


def test_new_guids_and_links_are_known_by_title_and_date(place: Place) -> None:
    """ID-12: where nothing of the old names is left."""
    with replaying(place) as replay:
        replay.read(rss(story(n, link=f"https://site.example/?p={n}", days=n) for n in range(8)))
        renamed = (
            story(n, link=f"https://site.example/news/a-new-name-{n}", guid=f"tag:{n}", days=n) for n in range(8)
        )
        assert replay.read(rss(renamed)) == []
    assert set(aliases(place)) == {("title-and-date", 0.85)}


def test_guids_that_change_every_time_are_ignored_in_the_end(place: Place) -> None:
    """ID-13: nothing is told again, the feed is flagged, and what is stored does not grow."""
    with replaying(place) as replay:
        for poll in range(20):
            lines = replay.read(rss(story(n, guid=f"session-{poll}-{n}") for n in range(5)))
            assert len(lines) == (0 if poll else 5)
        assert replay.feed().identity == "link"
    ((sightings,),) = place.rows("SELECT count(*) FROM sightings")
    assert sightings <= 5 * 8


def test_some_guids_that_change_every_time_do_not_grow_the_store(place: Place) -> None:
    """ID-13: the feed's other guids go on to be trusted."""
    with replaying(place) as replay:
        for poll in range(20):
            replay.read(rss([*(story(n) for n in range(5)), story(5, guid=f"session-{poll}")]))
        assert replay.feed().identity == "guid"
        assert len(replay.log()) == 6
    assert place.rows("SELECT count(*) FROM sightings") == [(5 + 8,)]


def test_an_edited_title_that_is_in_guid_and_link_is_an_edit(place: Place) -> None:
    """ID-11: the slug in both follows the title."""
    with replaying(place) as replay:
        others = [story(n, days=n) for n in range(2, 6)]
        before = story(
            1, link="https://site.example/ferry-sails", title="Ferry sails again on Monday", body=WORDS, days=1
        )
        after = story(
            1, link="https://site.example/ferry-mon", title="Ferry sails again from Monday", body=WORDS, days=1
        )
        replay.read(rss([before, *others]))
        (line,) = replay.read(rss([after, *others]))
        assert line.kind == "updated"
        assert line.record
        assert line.record.slug == "ferry-sails-again-on-monday"
        assert line.record.canonical_source == "https://site.example/ferry-sails"
    assert aliases(place) == [("edited-title", 0.75)]


def test_the_next_part_of_a_serial_is_no_edit(place: Place) -> None:
    """ID-11: like titles, other texts or other files; also where the list holds the latest alone."""
    with replaying(place) as replay:
        for number, words in enumerate(["One two three.", "Four five six.", "Seven eight nine."]):
            episode = story(number, title=f"Morning briefing, part {number}", body=words * 20, days=3 - number)
            assert kinds(replay.read(rss([episode]))) == ["new"]


def test_at_most_three_stories_are_known_by_edited_titles(place: Place) -> None:
    """ID-11: more of them are no edits."""

    def documents(word: str) -> str:
        items = (
            story(
                n,
                link=f"https://site.example/{n}/{word}-a-town",
                title=f"{n}{n}{n} ferry {word} town",
                body=f"{n} {WORDS}",
                days=1,
            )
            for n in range(5)
        )
        return rss(items)

    with replaying(place) as replay:
        replay.read(documents("in"))
        assert sorted(kinds(replay.read(documents("near")))) == ["new"] * 2 + ["updated"] * 3


def test_a_guid_that_is_used_again_leaves_the_first_story_alone(place: Place) -> None:
    """ID-01, ID-08: at another link, with another title and text, it is another story; twice, and guids are ignored."""
    with replaying(place) as replay:
        for day in range(6):
            lines = replay.read(rss([story(day, guid="latest", days=6 - day)]))
            assert kinds(lines) == ["new"]
        assert [record.title for record in replay.records()] == [
            f"Story number {n} of the harbour town" for n in range(6)
        ]
        assert replay.feed().identity == "link"
        assert replay.read(rss([story(1, guid="latest", days=5)])) == []


def test_a_guid_that_is_used_again_under_the_same_title_is_another_story(place: Place) -> None:
    """ID-01: "Photo of the day"."""
    with replaying(place) as replay:
        for day in range(3):
            body = f"Picture {day}: " + " ".join(f"w{day}{n}" for n in range(30))
            photo = story(day, guid="potd", title="Photo of the day", body=body, days=3 - day)
            assert kinds(replay.read(rss([photo]))) == ["new"]


def test_a_known_guid_with_a_new_link_and_the_same_text_is_the_story(place: Place) -> None:
    """ID-01: title and link were edited, the guid was not."""
    with replaying(place) as replay:
        replay.read(rss([story(1, guid="p1", body=WORDS)]))
        edited = story(1, guid="p1", link="https://site.example/renamed", title="Something else", body=WORDS + " More.")
        assert kinds(replay.read(rss([edited]))) == ["updated"]


def test_two_records_that_turn_out_to_be_one_story_are_merged(place: Place) -> None:
    """DD-06: one feed's link leads to the other's story at last; both names lead to the older record from then on."""
    with replaying(place, FEED, OTHER) as replay:
        replay.read(
            rss([story(1, link="https://proxy.example/~r/abc", guid="p1", title="Ferry sails again", body=WORDS)])
        )
        theirs = story(1, link="https://site.example/ferry", guid="t1", title="Ferry sails again", body=WORDS)
        replay.read(rss([theirs]), OTHER)
        assert len(replay.records()) == 2
        mended = rss([story(1, link="https://site.example/ferry", guid="p1", title="Ferry sails again", body=WORDS)])
        (line,) = replay.read(mended)
        assert line.kind == "merged"
        assert line.record
        assert line.detail == {"into": replay.records()[0].slug, "reason": "guid-and-link", "confidence": 0.9}
        assert line.record.slug != line.detail["into"]
        assert len(replay.records()) == 1
        assert replay.read(mended) == []
        assert replay.read(rss([theirs.replace("Monday", "Sunday")]), OTHER) == []  # the other feed owns it
        with replay.store.read() as work:
            assert work.records.by_slug(line.record.slug) == replay.records()[0]
            assert work.records.count() == 1


def test_links_that_meet_by_mistake_merge_nothing(place: Place) -> None:
    """DD-07: an entry that leads to another story's page, and is not like its own record any more, is that page's."""
    with replaying(place, FEED, OTHER) as replay:
        replay.read(rss([story(1, guid="a")]))
        replay.read(rss([story(2)]), OTHER)
        assert kinds(replay.read(rss([story(3, guid="a", link="https://site.example/articles/2-story")]))) == []
        assert [record.title[:14] for record in replay.records()] == ["Story number 1", "Story number 2"]


def test_one_text_under_two_links_is_told_once(tmp_path: Path) -> None:
    """DD-08, DD-10: the same telling title and the same 48 words and more, in one feed within a week."""
    title = "Harbour ferry sails again after repairs"
    one = story(1, title=title, body=WORDS, days=1)
    again = story(2, title=title, body=WORDS, days=0.5)
    with replaying(tmp_path) as replay:
        assert kinds(replay.read(rss([again, one]))) == ["new"]
        assert replay.read(rss([again, one])) == []
    (tmp_path / "second").mkdir()
    with replaying(tmp_path / "second") as replay:
        replay.read(rss([one]))
        assert replay.read(rss([again, one])) == []


@pytest.mark.parametrize(
    ("title", "body", "days", "enclosure"),
    [
        ("Weather", WORDS, 0.5, None),  # too short a title
        ("Harbour ferry sails again after repairs", "It sails.", 0.5, None),  # too short a text
        ("Harbour ferry sails again after repairs", WORDS, 0, None),  # too late
        ("Harbour ferry sails again after repairs", WORDS, 0.5, "https://cdn.example/2.mp3"),  # another file
    ],
)
def test_what_only_looks_the_same_is_told(
    place: Place, title: str, body: str, days: float, enclosure: str | None
) -> None:
    """DD-08: "Morning briefing" comes every morning."""
    late = days == 0
    with replaying(place) as replay:
        one = story(
            1,
            title=title,
            body=body,
            days=9 if late else 1,
            enclosure="https://cdn.example/1.mp3" if enclosure else None,
        )
        replay.read(rss([one]))
        again = story(2, title=title, body=body, days=days, enclosure=enclosure)
        assert kinds(replay.read(rss([again, one]))) == ["new"]


def test_a_story_that_may_be_told_twice_says_so(place: Place) -> None:
    """DD-08: a candidate is recorded, and nothing dropped."""
    with replaying(place) as replay:
        one = story(1, title="Harbour ferry sails again", body="It sails.", days=1)
        replay.read(rss([one]))
        again = story(2, title="Harbour ferry sails again", body="It does.", days=0.5)
        assert kinds(replay.read(rss([again, one]))) == ["new"]
    found = place.rows("SELECT details->>'may_repeat' FROM records ORDER BY id")
    assert found == [(None,), ("harbour-ferry-sails-again",)]


def test_entries_that_share_guid_and_link_keep_apart_by_their_titles(place: Place) -> None:
    """ID-08: an author's list whose every entry is called by the author; also where one is left, or none for once."""
    page = "https://site.example/by/ann"
    items = [story(n, guid=page, link=page) for n in range(6)]
    with replaying(place) as replay:
        assert len(replay.read(rss(items))) == 6
        assert replay.read(rss(items)) == []
        assert replay.read(rss([])) == []
        assert replay.read(rss(items[:4])) == []
        assert replay.read(rss(items[:1])) == []
        assert replay.read(rss(items[:2])) == []
        assert replay.feed().identity == "link"


def test_two_versions_of_an_entry_in_one_document_are_one_story(place: Place) -> None:
    """ID-22: RFC 4287 4.1.1 lets a document hold both."""
    with replaying(place) as replay:
        lines = replay.read(rss([story(1, title="Ferry sails, updated"), story(1, title="Ferry sails")]))
        assert [line.record and line.record.title for line in lines] == ["Ferry sails, updated"]


def test_where_a_feed_had_it_from_identifies_nothing(place: Place) -> None:
    """ID-20."""
    source = '<source url="https://agency.example/feed">Agency</source></item>'
    with replaying(place) as replay:
        items = [story(n).replace("</item>", source) for n in (1, 2)]
        assert kinds(replay.read(rss(items))) == ["new", "new"]
    found = place.rows("SELECT DISTINCT details->>'source' FROM records")
    assert found == [("https://agency.example/feed",)]


@pytest.mark.parametrize("guid", ["x" * 1_000_000, "a\u202eb", "&#xD800;", "é", "e\u0301"])
def test_any_guid_can_be_stored(place: Place, guid: str) -> None:
    """ID-15, ID-16."""
    item = story(1).replace("<guid>https://site.example/articles/1-story</guid>", f"<guid>{guid}</guid>")
    with replaying(place) as replay:
        assert kinds(replay.read(rss([item]))) == ["new"]
        assert replay.read(rss([item, ""])) == []


def test_a_feed_that_comes_back_tells_nothing_again(place: Place) -> None:
    """ID-24, ID-21: its records, sightings and place stay while it is not configured."""
    document = rss(story(n) for n in range(5))
    with replaying(place, FEED, OTHER) as replay:
        replay.read(document)
        for urls in ([OTHER], [OTHER, FEED]):
            with replay.store.work() as work:
                work.feeds.sync([FeedConfig(url=url) for url in urls], replay.now)
        assert replay.read(document) == []
