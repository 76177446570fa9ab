"""Records of different feeds that tell of one event are found behind the polls, by their titles."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Cluster, Draft, Seq
from aggregator.store.contract import Store
from aggregator.store.headlines import WINDOW
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll
from tests.store.places import Place

ONE, TWO, THREE = "https://one.example/feed", "https://two.example/feed", "https://three.example/feed"
QUAKE = "Strong earthquake shakes coast of Sumatra"
SHOCK = "Earthquake off Sumatra coast kills dozens"
RESCUE = "Sumatra earthquake: rescuers reach the coast"
OTHERS = ("Harbour ferry sails again after eleven weeks", "Parliament passes budget with narrow majority")


def told(key: str, title: str, hours: float = 0) -> Draft:
    return replace(a_draft(key, title=title, body=key), published_at=later(hours), slug=key.replace("/", "-"))


def later(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def came(store: Store, url: str, *titles: str, hours: float = 0, told_at: float | None = None) -> None:
    """Poll a feed: it has stories "one-0", "one-1" and so on with these titles; then let the clusters catch up."""
    name = url.removeprefix("https://").partition(".")[0]
    when = hours if told_at is None else told_at
    drafts = [told(f"{name}/{number}/{hours}", title, when) for number, title in enumerate(titles)]
    drafts = [replace(draft, slug=f"{name}-{draft.title.split()[0].lower()}") for draft in drafts]
    poll(store, url, a_digest(*drafts), later(hours))
    follow(store, hours)


def follow(store: Store, hours: float = 0, limit: int = 50) -> None:
    more = 1
    while more:
        with store.work() as work:
            more = work.clusters.catch_up(later(hours), limit=limit)


def clusters(store: Store) -> dict[str, list[str]]:
    with store.read() as work:
        found = work.clusters.latest(limit=99, each=99)
    assert all(each.cluster.records == len(each.stories) for each in found)
    return {each.cluster.id: sorted(story.slug for story in each.stories) for each in found}


def count(store: Store, table: str) -> int:
    with store.read() as work:
        return int(work.clusters._sql.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # type: ignore[attr-defined]


def test_records_of_two_feeds_with_one_event_are_a_cluster_and_say_so(place: Place) -> None:
    with a_store(place, ONE, TWO) as store:
        came(store, ONE, QUAKE, *OTHERS)
        assert clusters(store) == {}
        came(store, TWO, SHOCK, hours=2)
        assert clusters(store) == {"one-strong": ["one-strong", "two-earthquake"]}
        with store.read() as work:
            lines = {line.record.slug: line.cluster for line in work.log.after(Seq(0), limit=99) if line.record}
        cluster = Cluster(id="one-strong", records=2)
        assert lines == {
            "one-strong": cluster,
            "one-harbour": None,
            "one-parliament": None,
            "two-earthquake": cluster,
        }


def test_a_third_record_joins_and_the_name_stays(place: Place) -> None:
    with a_store(place, ONE, TWO, THREE) as store:
        came(store, ONE, QUAKE, *OTHERS)
        came(store, TWO, SHOCK, hours=2)
        came(store, THREE, RESCUE, "Chess champion resigns title", hours=30)
        assert clusters(store) == {"one-strong": ["one-strong", "three-sumatra", "two-earthquake"]}


def test_one_feed_makes_no_cluster(place: Place) -> None:
    with a_store(place, ONE) as store:
        came(store, ONE, QUAKE, SHOCK, RESCUE, *OTHERS)
        assert clusters(store) == {}


def test_titles_that_say_too_little_make_no_cluster(place: Place) -> None:
    with a_store(place, ONE, TWO) as store:
        came(store, ONE, "Morning briefing", "The weather for today", "Sumatra")
        came(store, TWO, "Morning briefing", "The weather for today", "Sumatra")
        assert clusters(store) == {}


def test_no_two_records_of_a_cluster_are_more_than_72_hours_apart(place: Place) -> None:
    with a_store(place, ONE, TWO, THREE) as store:
        came(store, ONE, QUAKE)
        came(store, TWO, QUAKE, hours=73)
        assert clusters(store) == {}
        came(store, THREE, QUAKE, hours=74, told_at=50)
        ((name, members),) = clusters(store).items()
        assert (name, members) == ("one-strong", ["one-strong", "three-strong"])


def test_what_is_told_late_or_was_told_long_ago_is_not_looked_at(place: Place) -> None:
    with a_store(place, ONE, TWO) as store:
        came(store, ONE, QUAKE, hours=300, told_at=0)
        came(store, TWO, QUAKE, hours=301, told_at=1)
        assert (clusters(store), count(store, "titles")) == ({}, 0)


def test_a_changed_title_is_looked_at_anew_and_counted_in_its_place(place: Place) -> None:
    with a_store(place, ONE, TWO) as store:
        came(store, ONE, QUAKE)
        poll(store, TWO, a_digest(told("two/a", OTHERS[0])), NOW)
        follow(store)
        assert clusters(store) == {}
        assert poll(store, TWO, a_digest(told("two/a", SHOCK)), later(1)).updated == 1
        follow(store, 1)
        assert clusters(store) == {"one-strong": ["one-strong", "two-a"]}
        assert count(store, "titles") == 2


def test_what_is_too_old_is_forgotten_by_what_comes(place: Place) -> None:
    with a_store(place, ONE, TWO) as store:
        came(store, ONE, QUAKE, *OTHERS)
        came(store, TWO, SHOCK)
        assert count(store, "titles") == 4
        came(store, ONE, "Chess champion resigns title", hours=24 * 60)
        assert (count(store, "titles"), count(store, "title_words"), count(store, "word_counts")) == (1, 4, 5)
        assert clusters(store) == {"one-strong": ["one-strong", "two-earthquake"]}


def test_a_pruned_record_leaves_its_cluster_and_the_last_one_ends_it(place: Place) -> None:
    with a_store(place, ONE, TWO, THREE) as store:
        came(store, ONE, QUAKE)
        came(store, TWO, SHOCK, hours=1)
        came(store, THREE, RESCUE, hours=48)
        with store.work() as work:
            assert work.retention.prune(timedelta(hours=24), later(49), waits_for=(), limit=2) == 2
        assert clusters(store) == {}
        assert (count(store, "clusters"), count(store, "clustered"), count(store, "titles")) == (1, 1, 1)
        with store.work() as work:
            assert work.retention.prune(timedelta(hours=24), later(99), waits_for=(), limit=2) == 1
        assert (count(store, "clusters"), count(store, "clustered"), count(store, "titles")) == (0, 0, 0)


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(8)), hours=st.lists(st.integers(0, 100), min_size=8, max_size=8))
def test_no_order_of_arrival_merges_what_is_unrelated_or_far_apart(order: list[int], hours: list[int]) -> None:
    """Four titles of one event and four of another, in four feeds."""
    feeds = [f"https://f{number}.example/feed" for number in range(4)]
    events = [QUAKE, OTHERS[1]]
    with TemporaryDirectory() as folder, a_store(Path(folder), *feeds) as store:
        for number in order:
            draft = told(f"e{number % 2}/{number}", events[number % 2], hours[number])
            poll(store, feeds[number // 2], a_digest(draft), later(100))
            follow(store, 100)
        with store.read() as work:
            for each in work.clusters.latest(limit=99, each=99):
                assert len({story.slug[:2] for story in each.stories}) == 1
                times = [story.told_at for story in each.stories]
                assert max(times) - min(times) <= WINDOW
                assert len({story.source.id for story in each.stories}) > 1


def test_what_one_feed_repeats_without_end_costs_no_more(place: Place) -> None:
    with a_store(place, ONE, TWO) as store:
        poll(store, ONE, a_digest(*(told(f"one/{number}", QUAKE) for number in range(400))), NOW)
        follow(store)
        came(store, TWO, QUAKE)
        ((_, members),) = clusters(store).items()
        assert len(members) == 2


def test_batches_of_any_size_find_the_same(tmp_path: Path) -> None:
    found = []
    for limit in (1, 3, 50):
        (tmp_path / str(limit)).mkdir()
        with a_store(tmp_path / str(limit), ONE, TWO, THREE) as store:
            for url, title in ((ONE, QUAKE), (TWO, SHOCK), (THREE, RESCUE)):
                name = url[8:11]
                poll(store, url, a_digest(told(f"{name}/a", title), told(f"{name}/b", f"{name} {OTHERS[0]}")), NOW)
            follow(store, limit=limit)
            found.append(clusters(store))
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 2
