"""A file of an older version becomes one of this version, with its data (SQ-17, SU-16)."""

from pathlib import Path

import pytest
from sqlite_utils import Database

from aggregator.model import FeedConfig, FilePlace, Rhythm, Validators
from aggregator.store.contract import StoreError
from aggregator.store.location import open_store
from aggregator.store.sqlite import schema
from aggregator.store.sqlite.connection import connect
from tests.store.factory import NOW, claim

URL = "https://one.example/feed"


def write_version_1(path: Path) -> None:
    """Write the file that the first version wrote, with a feed that was polled."""
    db = connect(path, checkpoints=True)
    schema.migrations.apply(db, stop_before="m002_origin_budgets")
    db.conn.execute("PRAGMA user_version=1")
    db.conn.execute("INSERT INTO origins (origin) VALUES ('one.example')")
    db.conn.execute(
        "INSERT INTO feeds (url, fetch_url, active, position, origin, bucket, state, etag, validators_url, added_at,"
        " last_poll_at, next_poll_at) VALUES (?, ?, 1, 0, 'one.example', 1, 'ok', ?, ?, ?, ?, ?)",
        (URL, URL, b'"1"', URL, *("2026-06-24 22:00:00.000000+00:00",) * 3),
    )
    db.conn.execute(
        "INSERT INTO polls (feed_id, started_at, finished_at, result, wire_bytes, new, updated)"
        " VALUES (1, ?, ?, 'ok', 9, 0, 0)",
        ("2026-06-24 22:00:00.000000+00:00",) * 2,
    )
    db.conn.execute("INSERT INTO consumer_files (consumer, path, offset) VALUES ('daily', '/x/a.jsonl', 9)")
    db.close()


def test_a_file_of_version_1_is_brought_up_to_date_with_its_data(tmp_path: Path) -> None:
    """SQ-17: feeds have no past yet, polls no bounds; validators stay: an upgrade fetches nothing anew (CR-22)."""
    write_version_1(tmp_path / "store.sqlite")
    store = open_store(f"sqlite:///{tmp_path}/store.sqlite")
    with pytest.raises(StoreError, match="older aggregator"), store.read():
        pass
    with store.work() as work:
        work.feeds.sync([FeedConfig(url=URL)], NOW)
        (feed,) = claim(work, NOW)
        assert feed.validators == Validators(etag=b'"1"', url=URL)
        assert (feed.rhythm, feed.setback, feed.move) == (Rhythm(), None, None)
        assert work.consumers.open_files("daily") == [FilePlace(path="/x/a.jsonl", base="/x/a.jsonl", length=9)]
        (poll,) = work.schedule.polls(feed.next_poll_at)
        assert (poll.wire_bytes, poll.asked, poll.bounds) == (9, False, None)
    with store.read():
        pass
    store.close()


def test_migrations_apply_in_order_and_once(tmp_path: Path) -> None:
    """SU-16: a new file and a migrated one have the same tables."""
    write_version_1(tmp_path / "old.sqlite")
    tables = []
    for name in ("old.sqlite", "new.sqlite"):
        store = open_store(f"sqlite:///{tmp_path}/{name}", create=True)
        for _ in range(2):
            with store.work():
                pass
            store.close()
        db = Database(tmp_path / name)
        assert db.conn.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        tables.append({table.name: [column.name for column in table.columns] for table in db.tables})
        db.close()
    assert tables[0] == tables[1]
