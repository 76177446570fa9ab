"""A file of every older version is copied, and then brought up to date; one of a newer version is left alone."""

import sqlite3
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from sqlite_utils import Database

from aggregator.model import FeedConfig, Seq
from aggregator.store.contract import StoreError
from aggregator.store.location import open_store
from aggregator.store.postgres.versions import VERSION
from aggregator.store.sqlite import schema
from aggregator.store.sqlite.connection import connect
from tests.postgres import Server
from tests.store.factory import NOW, a_digest, a_draft, poll
from tests.store.places import Place

URL = "https://one.example/feed"
AT = "2026-06-24 22:00:00.000000+00:00"
NAMES = [migration.name for migration in schema.migrations._migrations]
OLDER = [(int(name[1:4]), following) for name, following in pairwise(NAMES)]


def write_older(path: Path, version: int, following: str) -> None:
    """Write the file that an older version wrote, with a story of one feed."""
    db = connect(path, checkpoints=True)
    schema.migrations.apply(db, stop_before=following)
    db.conn.execute(f"PRAGMA user_version={version}")
    db.conn.execute("INSERT INTO origins (origin) VALUES ('one.example')")
    db.conn.execute(
        "INSERT INTO feeds (url, fetch_url, active, position, origin, bucket, state, added_at, next_poll_at)"
        f" VALUES ('{URL}', '{URL}', 1, 0, 'one.example', 1, 'ok', '{AT}', '{AT}')"
    )
    db.conn.execute(
        "INSERT INTO records (slug, title, summary, body_md, canonical_source, updated_at, topics, entities, match_key,"
        " match_key_version, feed_id, guid_hash, revision, content_hash, details, seq, first_seen_at)"
        f" VALUES ('old', 'Old', '', 'Body.', 'https://x.example/0', '{AT}', '[]', '[]', 'x.example/0', 1, 1, x'00', 1,"
        f" x'00', '{{}}', 1, '{AT}')"
    )
    db.conn.execute(f"INSERT INTO revisions (record_id, revision, at, content_hash) VALUES (1, 1, '{AT}', x'00')")
    db.conn.execute(f"INSERT INTO changes (kind, record_id, feed_id, revision, at) VALUES ('new', 1, 1, 1, '{AT}')")
    db.close()


def tables(path: Path) -> dict[str, list[str]]:
    """Return the columns of every table."""
    db = Database(path)
    found = {table.name: sorted(column.name for column in table.columns) for table in db.tables}
    db.close()
    return found


def user_version(path: Path) -> int:
    """Return what SQLite has noted of the file's version."""
    connection = sqlite3.connect(path)
    ((version,),) = connection.execute("PRAGMA user_version").fetchall()
    connection.close()
    return int(version)


@pytest.mark.parametrize(("version", "following"), OLDER)
def test_every_older_version_is_brought_up_to_date_with_its_data(tmp_path: Path, version: int, following: str) -> None:
    """SQ-17, SU-16: with a copy of what was there before; afterwards it is as good as a new one."""
    path, copy = tmp_path / "store.sqlite", tmp_path / f"store.sqlite.version-{version}"
    write_older(path, version, following)
    before = tables(path)
    store = open_store(f"sqlite:///{path}")
    with store.work() as work:
        work.feeds.sync([FeedConfig(url=URL)], NOW)
    poll(store, URL, a_digest(a_draft("x.example/1", title="New")), NOW)
    with store.read() as work:
        assert [change.record and change.record.title for change in work.log.after(Seq(0), limit=9)] == ["Old", "New"]
    assert [finding for finding in store.examine(NOW) if finding.severity == "problem"] == []
    store.close()
    assert (user_version(copy), tables(copy)) == (version, before)
    assert user_version(path) == schema.VERSION
    fresh = open_store(f"sqlite:///{tmp_path}/fresh.sqlite", create=True)
    with fresh.work():
        pass
    fresh.close()
    assert tables(path) == tables(tmp_path / "fresh.sqlite")
    assert not list(tmp_path.glob("fresh.sqlite.version*"))


def test_without_a_copy_there_is_no_upgrade(tmp_path: Path) -> None:
    """SQ-17: here a folder is in the copy's way; on a full disk it is the same."""
    path = tmp_path / "store.sqlite"
    write_older(path, *OLDER[0])
    (tmp_path / "store.sqlite.version-1" / "x").mkdir(parents=True)
    store = open_store(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="version-1"), store.work():
        pass
    store.close()
    assert user_version(path) == 1
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def test_litestream_is_no_stranger(tmp_path: Path) -> None:
    """SQ-16: it keeps tables of its own in the databases that it copies; they stay, in new files and in old ones."""
    for name in ("old", "new"):
        path = tmp_path / f"{name}.sqlite"
        if name == "old":
            write_older(path, *OLDER[-1])
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE _litestream_lock (id INTEGER)")
        connection.close()
        store = open_store(f"sqlite:///{path}")
        with store.work():
            pass
        store.close()
        assert "_litestream_lock" in tables(path)
        assert user_version(path) == schema.VERSION


def test_a_database_of_every_older_version_is_brought_up_to_date(postgres: Server) -> None:
    """SU-16: step by step, by `aggregator migrate`; a store of an older version is refused until then."""
    folder = files("aggregator.store.postgres") / "sql"
    steps = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    for version in range(1, VERSION):
        place = Place(postgres.fresh(migrated=False))
        place.change("CREATE TABLE schema_versions (version integer PRIMARY KEY, at timestamptz NOT NULL)")
        for number, file in enumerate(steps[:version], 1):
            place.change(file.read_text())
            place.change(f"INSERT INTO schema_versions VALUES ({number}, now())")
        store = open_store(place.url)
        with pytest.raises(StoreError, match="of an older aggregator"), store.work():
            pass
        assert store.migrate() == (version, VERSION)
        with store.work() as work:
            work.feeds.sync([FeedConfig(url=URL)], NOW)
        assert poll(store, URL, a_digest(a_draft("x.example/1")), NOW).new == 1
        store.close()
