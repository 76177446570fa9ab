"""A backup takes the store's place, whole or not at all."""

import os
import sqlite3
from pathlib import Path

import pytest

from aggregator.store.contract import StoreBusyError, StoreError
from aggregator.store.location import open_store, restore_store
from aggregator.store.sqlite.schema import VERSION
from tests.store.factory import NOW, a_digest, a_draft, a_store, current_records, poll

URL = "https://a.example/feed"
OWNER = "aggregator restore"


def slugs(path: Path) -> list[str]:
    with open_store(f"sqlite:///{path}").read() as work:
        return [record.slug for record in current_records(work)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one more story than its backup."""
    with a_store(tmp_path, URL) as store:
        poll(store, URL, a_digest(a_draft("a.example/1", title="First")), NOW)
        store.backup(tmp_path / "backup.sqlite")
        poll(store, URL, a_digest(a_draft("a.example/2", title="Second")), NOW)
    return tmp_path / "store.sqlite"


def test_the_store_is_what_the_backup_holds_and_what_was_there_is_put_aside(store: Path) -> None:
    aside = restore_store(f"sqlite:///{store}", store.with_name("backup.sqlite"), NOW, owner=OWNER)
    assert aside is not None
    assert aside.name == "store.sqlite.before-restore-20260624T221412Z"
    assert (slugs(store), slugs(aside)) == (["first"], ["first", "second"])
    assert slugs(store.with_name("backup.sqlite")) == ["first"]
    assert list(store.parent.glob(".*")) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_root_leaves_the_store_to_whom_it_belonged(store: Path) -> None:
    """A service that runs as another user could not open it."""
    os.chown(store, 10001, 10002)
    restore_store(f"sqlite:///{store}", store.with_name("backup.sqlite"), NOW, owner=OWNER)
    assert (store.stat().st_uid, store.stat().st_gid) == (10001, 10002)


def test_a_log_that_was_left_behind_goes_with_its_own_store(store: Path) -> None:
    """A log beside another file would be folded into it."""
    connection = sqlite3.connect(store)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("UPDATE records SET title='changed in the log'")
    connection.commit()
    aside = restore_store(f"sqlite:///{store}", store.with_name("backup.sqlite"), NOW, owner=OWNER)
    connection.close()
    assert aside is not None
    with open_store(f"sqlite:///{store}").read() as work:
        assert [record.title for record in current_records(work)] == ["First"]


def test_a_store_that_is_gone_is_made_anew(store: Path) -> None:
    store.unlink()
    assert restore_store(f"sqlite:///{store}", store.with_name("backup.sqlite"), NOW, owner=OWNER) is None
    assert slugs(store) == ["first"]


def test_a_store_that_somebody_polls_stays(store: Path) -> None:
    with (
        open_store(f"sqlite:///{store}").exclusive("aggregator run"),
        pytest.raises(StoreBusyError, match="aggregator run"),
    ):
        restore_store(f"sqlite:///{store}", store.with_name("backup.sqlite"), NOW, owner=OWNER)
    assert slugs(store) == ["first", "second"]


def bad(path: Path, kind: str) -> None:
    """Make a file of it that is no backup."""
    connection = sqlite3.connect(path)
    match kind:
        case "newer":
            connection.execute(f"PRAGMA user_version={VERSION + 1}")
        case "not ours":
            connection.execute("PRAGMA application_id=7")
    connection.close()
    match kind:
        case "missing":
            path.unlink()
        case "cut":
            path.write_bytes(path.read_bytes()[:20_000])
        case "no database":
            path.write_text("records")


@pytest.mark.parametrize(
    ("kind", "message"),
    {
        "newer": "newer aggregator",
        "not ours": "no store of aggregator",
        "missing": "there is no backup",
        "cut": "cannot",
        "no database": "cannot read",
    }.items(),
)
def test_what_is_no_backup_changes_nothing(store: Path, kind: str, message: str) -> None:
    bad(store.with_name("backup.sqlite"), kind)
    before = store.read_bytes()
    with pytest.raises(StoreError, match=message):
        restore_store(f"sqlite:///{store}", store.with_name("backup.sqlite"), NOW, owner=OWNER)
    assert store.read_bytes() == before
    assert not list(store.parent.glob("*before-restore*"))
