"""A sound copy while others write, and who holds the store."""

import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from aggregator.store.contract import StoreError
from aggregator.store.location import open_store
from aggregator.store.sqlite.lock import Lock
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll

URL = "https://a.example/feed"


def test_a_backup_is_whole_while_a_poll_commits(tmp_path: Path) -> None:
    """SQ-12: what it holds is what one moment's reader saw; it is private, and passes every check."""
    done = threading.Event()

    def keep_polling() -> None:
        with a_store(tmp_path, URL) as store:
            number = 0
            while not done.is_set():
                number += 1
                poll(store, URL, a_digest(*(a_draft(f"x.example/{number}/{n}") for n in range(20))), NOW)

    writer = threading.Thread(target=keep_polling)
    with a_store(tmp_path, URL) as store:
        writer.start()
        for copy in range(5):
            store.backup(tmp_path / f"{copy}.sqlite")
    done.set()
    writer.join()
    for copy in range(5):
        path = tmp_path / f"{copy}.sqlite"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        kept = open_store(f"sqlite:///{path}")
        assert [finding for finding in kept.examine(NOW) if finding.severity == "problem"] == []
        with kept.read() as work:
            assert work.records.count() % 20 == 0


def test_a_backup_replaces_nothing_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    """SQ-12: and says where it could not go."""
    with a_store(tmp_path, URL) as store:
        (tmp_path / "taken").write_text("precious")
        with pytest.raises(StoreError, match="exists already"):
            store.backup(tmp_path / "taken")
        with pytest.raises(StoreError, match="cannot write"):
            store.backup(tmp_path / "taken" / "below.sqlite")
        store.backup(tmp_path / "new folder" / "copy.sqlite")
    assert (tmp_path / "taken").read_text() == "precious"
    assert [path.name for path in (tmp_path / "new folder").iterdir()] == ["copy.sqlite"]


def test_a_damaged_store_gives_no_backup(tmp_path: Path) -> None:
    """SQ-11, SQ-12: a copy that cannot be read is none."""
    with a_store(tmp_path, URL) as store:
        poll(store, URL, a_digest(*(a_draft(f"x.example/{n}", body="word " * 500) for n in range(50))), NOW)
    path = tmp_path / "store.sqlite"
    data = bytearray(path.read_bytes())
    data[4096 * 8 :] = b"\xff" * (len(data) - 4096 * 8)
    path.write_bytes(data)
    with pytest.raises(StoreError, match="cannot copy"):
        open_store(f"sqlite:///{path}").backup(tmp_path / "copy.sqlite")
    assert [file.name for file in tmp_path.iterdir() if "copy" in file.name] == []


def test_the_lock_tells_who_polls_and_why_it_is_paused(tmp_path: Path) -> None:
    """SQ-09: another process can say so."""
    lock, other = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert other.holder() is None
    with lock.held("aggregator run"):
        holder = other.holder()
        assert holder is not None
        assert (holder.name.startswith("aggregator run (process"), holder.trouble) == (True, None)
        for trouble in ("no room", "x" * 9000, "none"):
            lock.tell(trouble)
            holder = other.holder()
            assert holder is not None
            assert holder.trouble is not None
            assert trouble.startswith(holder.trouble)
        lock.tell(None)
        assert other.holder() is not None
        other.tell("not mine to say")
    assert other.holder() is None


def test_vacuum_into_keeps_what_the_file_is(tmp_path: Path) -> None:
    """SQ-12, SQ-17: the copy is a store of the same version."""
    with a_store(tmp_path, URL) as store:
        store.backup(tmp_path / "copy.sqlite")
    notes = []
    for name in ("store", "copy"):
        connection = sqlite3.connect(tmp_path / f"{name}.sqlite")
        pragmas = ("user_version", "application_id", "auto_vacuum")
        notes.append([connection.execute(f"PRAGMA {pragma}").fetchone() for pragma in pragmas])
        connection.close()
    assert notes[0] == notes[1]
