"""The index of words and labels: it follows the log, and forgets what changed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from aggregator.model import Draft
from aggregator.store.contract import Store
from aggregator.store.index import Results
from aggregator.store.indexer import Indexer
from aggregator.store.query import parse_query
from aggregator.store.sqlite.store import SqliteStore
from aggregator.store.writer import Writer
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll
from tests.store.places import Place

ONE, TWO = "https://one.example/feed", "https://two.example/feed"


def told(number: int, title: str, body: str = "", *, days: float = 0, topics: tuple[str, ...] = ("news",)) -> Draft:
    draft = a_draft(f"x.example/{number}", title=title, body=body)
    return replace(draft, published_at=NOW - timedelta(days=days), topics=topics, slug=f"s{number}")


def follow(store: Store, limit: int = 100) -> None:
    more = 1
    while more:
        with store.work() as work:
            more = work.indexing.catch_up(limit=limit)


def found(store: Store, typed: str) -> list[str]:
    with store.read() as work:
        results = work.searching.find(parse_query(typed), offset=0, limit=50, now=int(NOW.timestamp()))
    return [hit.glimpse.slug for hit in results.hits]


def counts(store: Store) -> dict[tuple[str, str], int]:
    with store.read() as work:
        kinds = [work.browsing.labels(kind, limit=99) for kind in ("topic", "lang", "source")]
    return {(label.kind, label.label): label.records for labels in kinds for label in labels}


def sound(store: Store) -> None:
    """The words that are forgotten are those that were learnt: FTS5 checks itself, and PostgreSQL has one table."""
    if not isinstance(store, SqliteStore):
        return
    with store.work() as work:
        sql = work.browsing._sql
        sql.execute("INSERT INTO search (search) VALUES ('integrity-check')")
        assert (
            sql.execute("SELECT count(*) FROM search").fetchall()
            == sql.execute("SELECT count(*) FROM indexed").fetchall()
        )


def test_stories_are_found_by_words_phrases_beginnings_title_and_labels(place: Place) -> None:
    """SQ-22: and in scripts without spaces, by any two neighbours, and by one."""
    with a_store(place, ONE) as store:
        poll(
            store,
            ONE,
            a_digest(
                told(1, "Ferry returns", "The last boat leaves [here](https://x.example/hidden)."),
                told(2, "Boat race", "A ferry came last.", topics=("sport",)),
                told(3, "東京都の新聞", "中国のニュース", days=1),
                told(4, "Crème brûlée", "हिन्दी समाचार", days=2),
            ),
            NOW,
        )
        follow(store)
        assert sorted(found(store, "ferry boat")) == ["s1", "s2"]
        assert found(store, '"last boat"') == ["s1"]
        assert found(store, "leav*") == ["s1"]
        assert found(store, "title:ferry") == ["s1"]
        assert found(store, "ferry -race") == ["s1"]
        assert found(store, "ferry topic:sport") == ["s2"]
        assert found(store, "-ferry boat") == []
        assert found(store, "topic:NEWS") == ["s1", "s3", "s4"]
        assert found(store, "topic:sport -lang:en") == []
        assert found(store, "source:one.exam boat -topic:sport") == ["s1"]
        assert found(store, "source:one_exam boat") == []
        assert found(store, "hidden") == []
        for typed in ("東京", "京都", "都", "新聞", "東京都の新", "国の", "ュ", "title:新聞"):
            assert found(store, typed) == ["s3"], typed
        assert found(store, "creme brulee") == ["s4"]
        assert found(store, "हिन्दी") == ["s4"]
        assert found(store, "東都") == []


def test_facets_count_everything_that_was_found_and_narrowing_to_one_finds_as_much(place: Place) -> None:
    """Names of feeds that contain a number are not the feed of that number."""
    two = "https://two.example/1.xml"
    with a_store(place, ONE, two) as store:
        many = [
            replace(told(n, f"Ferry {n}", topics=(f"t{n % 3}",)), entities=("Rails", "Ann Harbour")[: 1 + n % 2])
            for n in range(1, 321)
        ]
        poll(store, ONE, a_digest(*many), NOW)
        poll(store, two, a_digest(*many[:9], told(999, "Ferry RAILS", topics=("T1",))), NOW + timedelta(hours=1))
        follow(store, limit=500)
        with store.read() as work:

            def results(typed: str) -> Results:
                return work.searching.find(parse_query(typed), offset=0, limit=1, now=int(NOW.timestamp()))

            counted = {
                (label.kind, f"#{label.label}" if label.kind == "source" else label.label): label.records
                for label in results("ferry").facets
            }
            assert counted == {
                ("topic", "t0"): 106,
                ("topic", "t1"): 107,
                ("topic", "t2"): 107,
                ("topic", "T1"): 1,
                ("entity", "Rails"): 320,
                ("entity", "Ann Harbour"): 160,
                ("source", "#1"): 320,
                ("source", "#2"): 10,
                ("lang", "en"): 321,
            }
            narrowed = {(kind, label): results(f'ferry {kind}:"{label}"').total for kind, label in counted}
            assert narrowed == counted
            assert results('entity:rails -entity:"ann harbour"').total == 160


def test_of_two_that_say_the_same_the_newer_is_first_and_a_title_outweighs_a_body(place: Place) -> None:
    with a_store(place, ONE) as store:
        filler = [told(number, f"Other {number}", "nothing of it", days=3) for number in range(10, 40)]
        stories = [told(1, "Old", "ferry", days=400), told(2, "New", "ferry"), told(3, "Ferry", "x", days=3)]
        poll(store, ONE, a_digest(*stories, *filler), NOW)
        follow(store)
        assert found(store, "ferry") == ["s3", "s2", "s1"]


def test_the_index_forgets_what_a_story_said_before_and_its_labels(place: Place) -> None:
    """However late it follows: the words of the revision that it knows are in the past of the record."""
    with a_store(place, ONE) as store:
        poll(store, ONE, a_digest(told(1, "Ferry", "東京 boats")), NOW)
        follow(store)
        for hour, title in ((1, "Train"), (2, "Tram")):
            changed = told(1, title, f"{title}s only", topics=("rail", "news"))
            poll(store, ONE, a_digest(changed), NOW + timedelta(hours=hour))
        assert found(store, "ferry") == ["s1"]
        follow(store, limit=1)
        assert (found(store, "ferry"), found(store, "train"), found(store, "東京")) == ([], [], [])
        assert found(store, "tram") == ["s1"]
        assert counts(store) == {("topic", "rail"): 1, ("topic", "news"): 1, ("lang", "en"): 1, ("source", "1"): 1}
        sound(store)


def test_another_feed_with_the_story_is_another_source_of_it(place: Place) -> None:
    """Which no line of the log tells."""
    with a_store(place, ONE, TWO) as store:
        poll(store, ONE, a_digest(told(1, "Ferry")), NOW)
        follow(store)
        poll(store, TWO, a_digest(told(1, "Ferry")), NOW + timedelta(hours=1))
        with store.read() as work:
            assert work.indexing.behind() == 0
        follow(store)
        assert counts(store)["source", "2"] == 1
        assert found(store, "source:two ferry") == ["s1"]


def test_what_is_pruned_merged_or_retracted_is_found_no_more(place: Place) -> None:
    with a_store(place, ONE) as store:
        poll(store, ONE, a_digest(told(1, "Ferry", days=90), told(2, "Ferry two"), told(3, "Ferry three")), NOW)
        follow(store)
        with store.work() as work:
            sql = work.browsing._sql  # type: ignore[attr-defined]
            sql.execute("UPDATE records SET updated_at='2020-01-01 00:00:00.000000+00:00' WHERE id=1")
            sql.execute("UPDATE changes SET at='2020-01-01 00:00:00.000000+00:00' WHERE record_id=1")
            assert work.retention.prune(timedelta(days=30), NOW, waits_for=(), limit=9) == 1
            sql.execute("UPDATE records SET merged_into=3 WHERE id=2")
            sql.execute(
                "INSERT INTO changes (seq, kind, record_id, revision, at) VALUES (4, 'merged', 2, 1, '2026-01-01')"
            )
        assert found(store, "ferry") == ["s3"]
        follow(store)
        assert counts(store)["topic", "news"] == 1
        sound(store)


def test_indexing_twice_changes_nothing_and_other_rules_start_again(place: Place) -> None:
    with a_store(place, ONE) as store:
        poll(store, ONE, a_digest(told(1, "Ferry"), told(2, "Tram")), NOW)
        follow(store)
        before = counts(store)
        with store.work() as work:
            work.browsing._sql.execute("UPDATE index_place SET rules=0")  # type: ignore[attr-defined]
        with store.read() as work:
            assert work.indexing.behind() == 2
        follow(store)
        follow(store)
        assert counts(store) == before
        assert found(store, "ferry") == ["s1"]
        sound(store)


async def test_the_indexer_follows_beside_other_writers_and_stops_at_once(place: Place) -> None:
    with a_store(place, ONE) as store:
        drafts = [told(number, f"Ferry {number}") for number in range(120)]
        poll(store, ONE, a_digest(*drafts), NOW)
        store.close()
        async with Writer(store) as write:
            stopped = Indexer(write)
            stopped.stop()
            await stopped.catch_up()
            assert await write(lambda work: work.indexing.behind()) == 120
            await Indexer(write).catch_up()
            assert await write(lambda work: work.indexing.behind()) == 0
        assert len(found(store, "ferry")) == 50


def test_lists_are_read_by_index_alone(tmp_path: Path) -> None:
    """SQ-29: no list sorts or scans."""
    with a_store(tmp_path, ONE) as store, store.work() as work:
        sql = work.browsing._sql  # type: ignore[attr-defined]
        from aggregator.store.sqlite import browsing  # noqa: PLC0415

        values = {"told": 0, "number": 0, "limit": 1, "kind": "topic", "label": "x"}
        for query, index in ((browsing._ALL, "records_told"), (browsing._LABELLED, "PRIMARY KEY")):
            plan = [row[3] for row in sql.execute(f"EXPLAIN QUERY PLAN {query}", values)]
            steps = [step for step in plan if "CORRELATED" not in step]
            assert any(index in step for step in steps), plan
            assert not any("SCAN" in step or "ORDER BY" in step for step in steps), plan
