"""What a configuration changes of the feeds that are known, and which of them have merely moved."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aggregator.feeds import compare
from aggregator.model import FeedConfig, KnownFeed

A = FeedConfig(url="http://a.example/feed", name="A")
B = FeedConfig(url="http://b.example/feed", name="B")


def known(*feeds: FeedConfig, listed: bool = True, fetch_url: str | None = None) -> list[KnownFeed]:
    return [KnownFeed(config=feed, fetch_url=fetch_url or feed.url, listed=listed) for feed in feeds]


def test_what_comes_goes_returns_and_changes_is_told_apart() -> None:
    feeds = [*known(A, B), *known(replace(A, url="http://old.example/"), listed=False)]
    after = replace(B, tags=("news",))
    found = compare(feeds, [after, FeedConfig(url="http://new.example/"), FeedConfig(url="http://old.example/")])
    assert [feed.url for feed in found.added] == ["http://new.example/"]
    assert [feed.url for feed in found.returning] == ["http://old.example/"]
    assert (found.removed, found.moved, found.changed) == ((A,), (), ((B, after),))
    assert compare(feeds, [A, B]).is_empty


def test_a_feed_under_the_same_name_has_moved() -> None:
    after = replace(A, url="https://elsewhere.example/x")
    (move,) = compare(known(A, B), [after, B]).moved
    assert (move.before, move.after, move.because) == (A, after, "the same name")


def test_another_spelling_and_what_redirects_told_are_moves_without_a_name() -> None:
    spelt = FeedConfig(url="https://a.example/feed/")
    assert [move.after for move in compare(known(A), [spelt]).moved] == [spelt]
    led = FeedConfig(url="https://c.example/rss")
    assert [move.after for move in compare(known(A, fetch_url=led.url), [led]).moved] == [led]


def test_no_feed_is_taken_for_another_where_two_could_be_meant() -> None:
    twice = [replace(A, url="http://x.example/"), replace(A, url="http://y.example/")]
    found = compare(known(A), twice)
    assert (found.moved, found.added, found.removed) == ((), tuple(twice), (A,))
    stranger = FeedConfig(url="http://z.example/")
    assert not compare(known(replace(A, name=None)), [stranger]).moved
    returning = replace(A, url="http://z.example/")
    assert not compare([*known(A), *known(stranger, listed=False)], [returning]).moved  # it has a history of its own


def test_more_than_half_of_what_is_polled_is_most() -> None:
    assert compare(known(A, B), []).stops_most
    assert compare(known(A, B), [replace(A, enabled=False), replace(B, enabled=False)]).stops_most
    assert not compare(known(A, B), [A]).stops_most
    assert not compare(known(A), [replace(A, url="http://new.example/")]).stops_most  # it moves
    assert not compare(known(replace(A, enabled=False)), []).stops_most
    assert not compare([], []).stops_most


urls = st.sampled_from(
    [
        f"{scheme}://{host}.example/{slash}"
        for scheme in ("http", "https")
        for host in "abc"
        for slash in ("", "x", "x/")
    ]
)
configs = st.lists(
    st.builds(FeedConfig, url=urls, name=st.sampled_from([None, "A", "B"])), unique_by=lambda feed: feed.url
)


@given(
    st.lists(
        st.builds(
            KnownFeed,
            config=st.builds(FeedConfig, url=urls, name=st.sampled_from([None, "A"])),
            fetch_url=urls,
            listed=st.booleans(),
        ),
        unique_by=lambda feed: feed.config.url,
    ),
    configs,
    st.randoms(use_true_random=False),
)
def test_every_feed_has_one_fate_whatever_their_order(
    feeds: list[KnownFeed], configured: list[FeedConfig], chance: random.Random
) -> None:
    found = compare(feeds, configured)
    fates = [feed.url for feed in (*found.added, *found.returning, *(move.after for move in found.moved))]
    stays = {feed.config.url for feed in feeds if feed.listed} & {feed.url for feed in configured}
    assert sorted([*fates, *stays]) == sorted(feed.url for feed in configured)
    gone = [feed.url for feed in (*found.removed, *(move.before for move in found.moved))]
    assert sorted([*gone, *stays]) == sorted(feed.config.url for feed in feeds if feed.listed)
    chance.shuffle(feeds)
    chance.shuffle(configured)
    assert set(compare(feeds, configured).moved) == set(found.moved)
