"""What tells one entry from all others."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Entry, Identity
from aggregator.normalize.identity import identify
from tests.normalize.making import content, entry

FEED = "https://news.example/feed"
HOME = "https://www.news.example/"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def identities(*entries: Entry, link_identity: bool = False) -> list[Identity]:
    found, _ = identify(entries, feed_url=FEED, home=HOME, link_identity=link_identity)
    assert all(found)
    return [each for each in found if each]


def test_a_guid_identifies_within_its_feed_trimmed_and_case_kept() -> None:
    """ID-01, ID-14, ID-16."""
    one, same, other = identities(
        entry(guid=" abc-1 ", link="https://news.example/a"),
        entry(guid="abc-1", link="https://news.example/a"),
        entry(guid="ABC-1", link="https://news.example/b"),
    )
    assert one.guid == "abc-1"
    assert one.guid_hash == same.guid_hash != other.guid_hash
    assert len(one.guid_hash) == 16


def test_the_link_is_kept_as_published_and_compared_clean() -> None:
    """UR-11, DD-06."""
    link = "https://news.example/ferry?utm_source=rss"
    one, other = identities(entry(guid="1", link=link), entry(guid="2", link="https://news.example/ferry?utm_source=x"))
    assert one.canonical_source == one.link == link
    assert one.match_key == other.match_key == "news.example/ferry"


@pytest.mark.parametrize("guid", [None, "", "  ", "N/A", "n/a", "None", "-", "0", "null"])
def test_a_guid_that_says_nothing_is_missing(guid: str | None) -> None:
    """ID-07."""
    (one,) = identities(entry(guid=guid, link="https://news.example/ferry"))
    (plain,) = identities(entry(link="https://news.example/ferry"))
    assert one == plain
    assert one.guid is None


@pytest.mark.parametrize(
    ("stated", "source"),
    [
        (entry(guid="https://news.example/g", link="https://news.example/l"), "https://news.example/l"),
        (entry(guid="https://news.example/g", enclosures=["https://cdn.example/a.mp3"]), "https://news.example/g"),
        (entry(guid="tag:x", enclosures=["https://cdn.example/a.mp3"]), "https://cdn.example/a.mp3"),
        (entry(guid="javascript:alert(1)", enclosures=["https://cdn.example/a.mp3"]), "https://cdn.example/a.mp3"),
    ],
)
def test_the_source_is_link_then_guid_then_enclosure(stated: Entry, source: str) -> None:
    """ID-06, ID-17, UR-33."""
    assert identities(stated)[0].canonical_source == source


def test_without_any_url_the_identity_is_made_from_what_was_said() -> None:
    """ID-06."""
    by_guid, by_date, by_body = identities(
        entry("T", guid="tag:x"), entry("T", published=NOON), entry("T", body="<p>words</p>")
    )
    sources = [by_guid.canonical_source, by_date.canonical_source, by_body.canonical_source]
    assert all(source.startswith("urn:uuid:") for source in sources)
    assert len(set(sources)) == 3
    assert by_guid.match_key == by_guid.canonical_source
    assert by_guid.link is None


def test_a_url_less_identity_belongs_to_its_feed() -> None:
    """ID-09."""
    stated = (entry("T", guid="tag:x"),)
    (here,), _ = identify(stated, feed_url=FEED, home=None, link_identity=False)
    (there,), _ = identify(stated, feed_url="https://other.example/feed", home=None, link_identity=False)
    assert here is not None
    assert there is not None
    assert here.match_key != there.match_key


def test_an_entry_that_says_nothing_has_no_identity() -> None:
    assert identify([entry(None)], feed_url=FEED, home=HOME, link_identity=False) == ((None,), False)


def test_one_guid_for_two_stories_makes_guids_ignored_from_then_on() -> None:
    """ID-08."""
    stated = [entry("A", guid="x", link="https://news.example/a"), entry("B", guid="x", link="https://news.example/b")]
    (first, second), sticky = identify(stated, feed_url=FEED, home=HOME, link_identity=False)
    assert sticky
    assert first is not None
    assert second is not None
    assert first.guid is second.guid is None
    assert first.guid_hash != second.guid_hash
    later = identify(stated[:1], feed_url=FEED, home=HOME, link_identity=True)
    assert later == ((first,), True)


def test_one_guid_for_two_stories_without_links_makes_guids_ignored_too() -> None:
    """ID-08."""
    _, sticky = identify([entry("A", guid="x"), entry("B", guid="x")], feed_url=FEED, home=HOME, link_identity=False)
    assert sticky


def test_a_repeated_entry_is_the_same_entry() -> None:
    """ID-22."""
    repeated = entry(guid="x", link="https://news.example/a?utm_medium=feed")
    found, sticky = identify([repeated] * 300, feed_url=FEED, home=HOME, link_identity=False)
    assert len(set(found)) == 1
    assert not sticky


def test_a_link_to_the_home_page_or_a_bare_host_identifies_nothing() -> None:
    home, same_home, host = identities(
        entry("A", guid="1", link="https://news.example/"),
        entry("B", guid="2", link="http://news.example"),
        entry("C", guid="3", link="https://ferry.example/"),
    )
    assert len({home.match_key, same_home.match_key, host.match_key}) == 3
    assert home.match_key.startswith("news.example#")
    assert home.canonical_source == "https://news.example/"
    assert identities(entry("Edited", guid="1", link="https://news.example/"))[0].match_key == home.match_key


def test_entries_that_share_a_page_stay_apart_by_their_guids() -> None:
    """UR-15."""
    page = "https://news.example/changelog"
    one, two = identities(entry("1.0", guid="v1", link=page), entry("1.1", guid="v2", link=page))
    assert one.match_key != two.match_key
    assert one.canonical_source == two.canonical_source == page


def test_entries_that_share_a_page_stay_apart_by_their_fragments() -> None:
    """UR-15."""
    page = "https://news.example/now"
    one, two = identities(entry("1.0", link=f"{page}#a"), entry("1.1", link=f"{page}#b"))
    assert one.match_key != two.match_key
    assert one.guid_hash != two.guid_hash


def test_one_story_under_two_guids_is_one_story() -> None:
    """DD-07."""
    link = "https://news.example/ferry"
    one, two = identities(entry("Ferry", guid="1", link=link), entry("Ferry", guid="2", link=link))
    assert one.match_key == two.match_key
    assert one.guid_hash != two.guid_hash


STATED = st.builds(
    lambda title, guid, link, body: Entry(
        guid=guid,
        guid_is_permalink=False,
        link=link and f"https://news.example/{link}",
        title=content(title),
        content=content(body),
    ),
    st.sampled_from(["", "A", "B"]),
    st.one_of(st.none(), st.sampled_from(["1", "2", "https://news.example/g"]), st.text(max_size=5)),
    st.one_of(st.none(), st.sampled_from(["", "a", "b", "a#x", "a#y", "a?utm_source=z"])),
    st.text(max_size=3),
)


@given(st.lists(STATED, max_size=8), st.booleans())
def test_identity_is_a_function_of_the_document(entries: list[Entry], link_identity: bool) -> None:
    found, sticky = identify(entries, feed_url=FEED, home=HOME, link_identity=link_identity)
    assert (found, sticky) == identify(entries, feed_url=FEED, home=HOME, link_identity=link_identity)
    assert len(found) == len(entries)
    assert sticky >= link_identity
    for each in filter(None, found):
        assert each.canonical_source.startswith(("https://", "urn:uuid:"))
        assert len(each.guid_hash) == 16
        assert each.match_key
    guids = {each.guid: each.guid_hash for each in found if each and each.guid}
    assert all(each.guid_hash == guids[each.guid] for each in found if each and each.guid)
    if sticky:
        assert not guids


@given(st.permutations([entry(str(n), guid=f"g{n}", link="https://news.example/p") for n in range(4)]))
def test_order_does_not_matter(entries: list[Entry]) -> None:
    """ID-05."""
    keys = {each.guid: each.match_key for each in identities(*entries)}
    assert keys == {each.guid: each.match_key for each in identities(*sorted(entries, key=lambda e: e.guid or ""))}
