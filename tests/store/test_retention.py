"""What is not to be kept goes, and does not come back."""

import sqlite3
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.model import FeedConfig, Keep, Notice, PerFeed, Seq
from aggregator.store.contract import Store
from aggregator.store.retention import prune
from aggregator.store.sqlite.connection import connect
from aggregator.store.sqlite.retention import _BY_AGE, _BY_NUMBER, BELONGINGS
from aggregator.store.writer import Writer
from tests.store.factory import NOW, a_digest, a_draft, a_store, claim, current_records, poll
from tests.store.places import Place

A, B, C = (f"https://{name}.example/feed" for name in "abc")
DAY = timedelta(days=1)
MONTH = 30 * DAY


async def pruned(store: Store, keep: Keep, at: datetime, *, waits_for: Collection[str] = ()) -> int:
    """Prune as the daemon does; return how many records went. The store is closed by that, and opens again."""
    store.close()  # a connection belongs to the thread that opened it (SU-05)
    async with Writer(store) as write:
        return await prune(write, keep, at, waits_for=waits_for)


def titles(store: Store) -> list[str]:
    """Return the titles of what is kept."""
    with store.read() as work:
        return [record.title for record in current_records(work)]


def problems(store: Store, at: datetime) -> list[str]:
    """Return what the doctor says."""
    return [finding.message for finding in store.examine(at) if finding.severity == "problem"]


async def test_what_is_older_than_asked_goes_with_all_that_belongs_to_it(place: Place) -> None:
    """SQ-29: by its last change; the log has no line of it, and that is in order."""
    with a_store(place, A) as store:
        poll(store, A, a_digest(a_draft("x/1", title="Old"), a_draft("x/2", title="Edited")), NOW)
        poll(store, A, a_digest(a_draft("x/2", title="Edited again"), a_draft("x/3", title="New")), NOW + 50 * DAY)
        at = NOW + 80 * DAY
        with store.read() as work:
            assert [feed.records for feed in work.retention.prunable(MONTH * 2, at, waits_for=())] == [1]
        assert await pruned(store, MONTH * 2, at) == 1
        assert await pruned(store, MONTH * 2, at) == 0
        assert titles(store) == ["New", "Edited again"]
        with store.read() as work:
            assert [change.seq for change in work.log.after(Seq(0), limit=9)] == [2, 3, 4]
        assert problems(store, at) == []


async def test_only_the_newest_of_each_feed_are_kept(place: Place) -> None:
    """A feed with few is left alone."""
    with a_store(place, A, B) as store:
        poll(store, A, a_digest(*(a_draft(f"a/{n}", title=f"A {n}") for n in range(500))), NOW)
        poll(store, B, a_digest(*(a_draft(f"b/{n}", title=f"B {n}") for n in range(3))), NOW)
        keep = PerFeed(records=3)
        with store.read() as work:
            (found,) = work.retention.prunable(keep, NOW, waits_for=())
            assert (found.url, found.records) == (A, 497)
        assert await pruned(store, keep, NOW) == 497
        assert titles(store) == ["A 497", "A 498", "A 499", "B 0", "B 1", "B 2"]
        assert problems(store, NOW) == []


async def test_a_pruned_story_that_is_still_in_its_feed_does_not_come_back(place: Place) -> None:
    """ID-23: unchanged it costs nothing, edited it stays away, and so it does where another feed takes it up."""
    with a_store(place, A, B, C) as store:
        story = a_draft("x/1", title="Pinned")
        for url in (A, B):
            poll(store, url, a_digest(story), NOW)
        at = NOW + 400 * DAY
        for url in (A, B):
            poll(store, url, a_digest(known=[story.identity]), at)
        assert await pruned(store, 365 * DAY, at) == 1
        with store.work() as work:
            feeds = {feed.url: feed for feed in claim(work, at + DAY)}
            assert dict(work.feeds.window(feeds[A])) == {story.identity.guid_hash: story.entry_hash}
            work.feeds.release_claims()
        edited = replace(story, entry_hash=b"edited", content_hash=b"edited")
        moved = replace(edited, identity=replace(story.identity, match_key="x/moved"))
        for hours, (url, draft) in enumerate([(A, edited), (A, moved), (B, edited), (C, story)]):
            applied = poll(store, url, a_digest(draft), at + timedelta(hours=hours))
            assert (applied.new, applied.updated) == (0, 0)
        assert titles(store) == []
        assert problems(store, at + DAY) == []


async def test_a_tombstone_stays_while_the_feed_carries_the_entry_and_a_month_after(place: Place) -> None:
    """ID-23, ID-21: then the feed may have the story again, as a new one."""
    with a_store(place, A) as store:
        story, other = a_draft("x/1"), a_draft("x/2", title="Another")
        poll(store, A, a_digest(story), NOW)
        assert await pruned(store, DAY, NOW + 2 * DAY) == 1
        for days in (40, 80):  # it is still there: nothing ages
            poll(store, A, a_digest(known=[story.identity]), NOW + days * DAY)
            await pruned(store, DAY, NOW + days * DAY)
        poll(store, A, a_digest(other), NOW + 81 * DAY)  # it has left
        await pruned(store, 365 * DAY, NOW + 105 * DAY)
        assert poll(store, A, a_digest(story, known=[other.identity]), NOW + 106 * DAY).new == 0
        poll(store, A, a_digest(known=[other.identity]), NOW + 107 * DAY)
        await pruned(store, 365 * DAY, NOW + 138 * DAY)
        assert poll(store, A, a_digest(story, known=[other.identity]), NOW + 139 * DAY).new == 1


async def test_a_feed_that_fails_for_months_forgets_nothing(place: Place) -> None:
    """ID-23: its entries were not seen lately, and may well be there still."""
    with a_store(place, A) as store:
        story = a_draft("x/1")
        poll(store, A, a_digest(story), NOW)
        assert await pruned(store, DAY, NOW + 100 * DAY) == 1
        await pruned(store, DAY, NOW + 200 * DAY)
        assert poll(store, A, a_digest(story), NOW + 201 * DAY).new == 0


async def test_consumers_are_waited_for(place: Place) -> None:
    """What an export has not had stays however long; what another consumer has not had, for 30 days."""
    with a_store(place, A) as store:
        poll(store, A, a_digest(*(a_draft(f"x/{n}", title=f"Story {n}") for n in range(10))), NOW)
        with store.work() as work:
            work.consumers.advance("nightly", Seq(4), NOW)
        assert await pruned(store, DAY, NOW + 20 * DAY) == 4
        assert await pruned(store, DAY, NOW + 40 * DAY, waits_for=["nightly"]) == 0
        assert await pruned(store, DAY, NOW + 40 * DAY, waits_for=["a new export"]) == 0
        assert await pruned(store, DAY, NOW + 40 * DAY) == 6
        assert problems(store, NOW + 40 * DAY) == []


async def test_old_lines_about_feeds_go_too(place: Place) -> None:
    """Gaps and changes of health; under "per feed" they stay."""
    with a_store(place, A) as store:
        with store.work() as work:
            work.log.note([Notice(kind="gap", detail={})], work.schedule.find(A), datetime(2026, 1, 1, tzinfo=UTC))
        await pruned(store, PerFeed(records=1), NOW)
        with store.read() as work:
            assert len(work.log.after(Seq(0), limit=9)) == 1
        await pruned(store, DAY, NOW)
        with store.read() as work:
            assert work.log.after(Seq(0), limit=9) == []
        assert problems(store, NOW) == []
        poll(store, A, a_digest(a_draft("x/1")), NOW + DAY)
        with store.read() as work:
            assert [change.seq for change in work.log.after(Seq(0), limit=9)] == [2]  # no seq is given twice


async def test_the_file_shrinks(tmp_path: Path) -> None:
    """SQ-29: free pages go back to the disk, a few at a time, but for a small reserve."""
    path = tmp_path / "store.sqlite"
    with a_store(tmp_path, A) as store, store.exclusive("a test"):
        drafts = [a_draft(f"x/{n}", title=f"Story {n}", body=f"{n} word " * 1000) for n in range(1500)]
        poll(store, A, a_digest(*drafts), NOW)
        store.close()
        large = path.stat().st_size
        assert large > 10_000_000
        assert await pruned(store, PerFeed(records=10), NOW) == 1490
        store.close()
        assert path.stat().st_size < large / 4
        assert titles(store) == [f"Story {n}" for n in range(1490, 1500)]


def test_a_file_that_was_made_without_it_learns_to_shrink(tmp_path: Path) -> None:
    """SU-16, SQ-29: rebuilt once, when it is brought up to date."""
    path = tmp_path / "store.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE _litestream_seq (id)")
    connection.close()
    with a_store(tmp_path, A) as store, store.read():
        pass
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)
    connection.close()


def test_no_table_that_belongs_to_records_is_forgotten(tmp_path: Path) -> None:
    """Whoever adds one says whether it goes with its record. Records point at those that they were merged into."""
    with a_store(tmp_path):
        pass
    connection = sqlite3.connect(tmp_path / "store.sqlite")
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
    keys = {name: connection.execute(f"PRAGMA foreign_key_list({name})").fetchall() for name in names}
    connection.close()
    assert {name for name, rows in keys.items() if any(row[2] == "records" for row in rows)} == {*BELONGINGS, "records"}


@pytest.mark.parametrize(("sql", "index"), [(_BY_AGE, "records_updated"), (_BY_NUMBER, "records_feed")])
def test_what_goes_is_found_by_an_index(tmp_path: Path, sql: str, index: str) -> None:
    """SQ-29: among millions of records."""
    with a_store(tmp_path):
        pass
    db = connect(tmp_path / "store.sqlite", checkpoints=False)
    question = {"before": "2026", "read": 1, "limit": 1, "feed": 1, "last": 9}
    plan = " ".join(row[3] for row in db.conn.execute(f"EXPLAIN QUERY PLAN {sql}", question))
    db.close()
    assert index in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


def test_a_feed_that_left_the_configuration_keeps_what_it_has(place: Place) -> None:
    """ID-24: until retention takes it, like everything else."""
    with a_store(place, A) as store:
        poll(store, A, a_digest(a_draft("x/1")), NOW)
        with store.work() as work:
            work.feeds.sync([FeedConfig(url=B)], NOW)
            assert work.retention.prune(MONTH, NOW + DAY, waits_for=(), limit=9) == 0
            assert work.retention.prune(MONTH, NOW + 2 * MONTH, waits_for=(), limit=9) == 1
