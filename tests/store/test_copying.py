"""A store moves to another kind and back, with all that it knows."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model import Delivery, FilePlace, Offer, Seq
from aggregator.publish.record import row_lines
from aggregator.store.contract import Store, StoreBusyError, StoreError
from aggregator.store.copying import PLACES, TABLES, copy_store
from aggregator.store.location import open_store
from tests.postgres import Server
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll
from tests.store.places import Place

A, B = "https://a.example/feed", "https://b.example/feed"
DAY = timedelta(days=1)


def fill(place: Place) -> None:
    """Write a store with something in nearly every table."""
    words = [f"word{number}" for number in range(60)]
    with a_store(place, A, B) as store:
        drafts = [
            replace(
                a_draft(f"x/{n}", guid=f"g{n}", title=f"Zürich — 東京 number {n}", body=" ".join([*words, str(n % 7)])),
                published_at=NOW - n * DAY,
                signature=bytes([n % 7] * 30),
                details={"z": 1, "a": {"late": "ä", "early": [1.5, None]}, "provenance": {"title": "feed"}},
            )
            for n in range(40)
        ]
        poll(store, A, a_digest(*drafts[:30]), NOW)
        poll(store, B, a_digest(*(replace(draft, entry_hash=b"other") for draft in drafts[20:])), NOW + DAY)
        poll(store, A, a_digest(a_draft("x/1", guid="g1", title="Other words", body="Other.")), NOW + 2 * DAY)
        with store.work() as work:
            work.consumers.advance("nightly", Seq(7), NOW)
            work.consumers.put_file("nightly", FilePlace(path="out.jsonl", base="out.jsonl", length=99, closed=True))
            work.deliveries.put(
                "hook", Delivery(seq=Seq(3), tries=2, first_try_at=NOW, next_try_at=NOW + DAY, error="ouch")
            )
            feed = work.schedule.find(A)
            assert feed is not None
            work.raw.keep(feed.id, b"\x00\xffraw", NOW, fresh=True)
            work.subscriptions.offered(feed.id, Offer(hub="https://hub.example/", topic=A))
            work.refinements.keep_answer(b"\x01", "answer", NOW)
            work.refinements.spend(NOW.date(), {"tokens": 12})
            work.retention.prune(timedelta(days=1), NOW + 2 * DAY, waits_for=(), limit=5)
            work.clusters.catch_up(NOW + 2 * DAY, limit=1000)


def copied(source: Store, target: Store) -> int:
    """Copy one into the other."""
    with source.source("a test") as reading, target.target() as writing:
        return copy_store(reading, writing, lambda _: None)


def told(store: Store) -> tuple[object, ...]:
    """Return what readers get to see."""
    with store.read() as work:
        export = b"".join(row_lines(rows, "https://news.example/") for rows in work.records.rows())
        return (
            export,
            work.log.after(Seq(0), limit=10_000),
            work.consumers.statuses(),
            work.deliveries.waiting("hook"),
            work.feeds.statuses(),
            list(work.schedule.polls(NOW - DAY)),
        )


def rows(place: Place) -> dict[str, list[str]]:
    """Return every row of a file that is copied."""
    return {table: sorted(map(repr, place.rows(f"SELECT * FROM {table}"))) for table in TABLES}


def test_a_store_goes_to_postgresql_and_back_and_is_the_same(tmp_path: Path, postgres: Server) -> None:
    """Byte for byte, cursors included; and what comes next is numbered after it."""
    first, last = Place(f"sqlite:///{tmp_path}/first.sqlite"), Place(f"sqlite:///{tmp_path}/last.sqlite")
    fill(first)
    there = open_store(postgres.fresh())
    before = open_store(first.url)
    total = copied(before, there)
    assert copied(there, open_store(last.url, create=True)) == total
    assert rows(last) == rows(first)
    written = {table for table, found in rows(first).items() if found}
    assert written >= {"records", "changes", "sightings", "tombstones", "bands", "titles", "polls", *PLACES}
    assert told(there) == told(before) == told(open_store(last.url))
    assert list(there.examine(NOW + 3 * DAY)) == []
    ((last_seq,),) = first.rows("SELECT seq FROM sqlite_sequence WHERE name='changes'")
    for store in (there, open_store(last.url)):
        assert poll(store, A, a_digest(a_draft("y/1"), a_draft("x/1", guid="g1")), NOW + 3 * DAY).new == 1
        with store.read() as work:
            seqs = [change.seq for change in work.log.after(Seq(0), limit=10_000)]
        assert seqs[-2:] == [last_seq + 1, last_seq + 2]
        store.close()


def test_a_store_that_has_anything_is_not_copied_into(tmp_path: Path, postgres: Server) -> None:
    place = Place(f"sqlite:///{tmp_path}/store.sqlite")
    fill(place)
    source, target = open_store(place.url), open_store(postgres.fresh())
    copied(source, target)
    with pytest.raises(StoreError, match="not empty"):
        copied(source, target)
    with pytest.raises(StoreError, match="exists already"):
        copied(target, source)
    with pytest.raises(StoreError, match="aggregator migrate"):
        copied(source, open_store(postgres.fresh(migrated=False)))
    with source.exclusive("the daemon"), pytest.raises(StoreBusyError, match="the daemon"):
        copied(open_store(place.url), target)


def test_a_copy_that_is_interrupted_leaves_nothing(tmp_path: Path, postgres: Server) -> None:
    """And may begin again."""
    place, back = Place(f"sqlite:///{tmp_path}/store.sqlite"), Place(f"sqlite:///{tmp_path}/back.sqlite")
    fill(place)
    source, target = open_store(place.url), open_store(postgres.fresh())

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    def interrupted(one: Store, other: Store) -> None:
        with pytest.raises(KeyboardInterrupt), one.source("a test") as reading, other.target() as writing:
            copy_store(reading, writing, interrupt)

    interrupted(source, target)
    copied(source, target)
    interrupted(target, open_store(back.url, create=True))
    assert sorted(path.name for path in tmp_path.iterdir() if "lock" not in path.name) == ["store.sqlite"]
    copied(target, open_store(back.url, create=True))
    assert rows(back) == rows(place)


def test_the_command_copies_and_says_how_much(tmp_path: Path, postgres: Server) -> None:
    place = Place(f"sqlite:///{tmp_path}/store.sqlite")
    fill(place)
    command = [sys.executable, "-m", "aggregator", "store", "copy", place.url, postgres.fresh()]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("copied ")
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (again.returncode, "not empty" in again.stderr) == (69, True)


def test_both_kinds_keep_the_same_and_every_table_is_copied_or_made_anew(tmp_path: Path, postgres: Server) -> None:
    """What one kind learns to keep, the other has to, and a copy has to take along."""
    place, there = Place(f"sqlite:///{tmp_path}/store.sqlite"), Place(postgres.fresh())
    with a_store(place):
        pass
    ours = {name for (name,) in place.rows("SELECT name FROM sqlite_schema WHERE type='table'")}
    theirs = {name for (name,) in there.rows("SELECT tablename FROM pg_tables WHERE schemaname='public'")}
    index = {"labels", "labelled", "indexed", "index_place", "reloads", "settings_in_use"}
    own = {name for name in ours if name.startswith(("search", "sqlite_", "_sqlite"))}
    assert ours - own == {*TABLES, *index}
    queue = {name for name in theirs if name.startswith("procrastinate_")}
    of_fleets = {"holders", "reaps"}
    assert theirs - queue - of_fleets - {"schema_versions", "queue_steps", "log_end"} == {*TABLES, *index}
