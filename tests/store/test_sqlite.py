"""What is particular to the SQLite file."""

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.model import Seq
from aggregator.store.contract import StoreBusyError, StoreError
from aggregator.store.location import open_store
from aggregator.store.sqlite.connection import connect
from aggregator.store.sqlite.feeds import _DUE
from aggregator.store.sqlite.schema import VERSION
from tests.store.factory import NOW, a_store


def test_the_file_is_private_and_in_wal_mode(tmp_path: Path) -> None:
    """SQ-01, SQ-27."""
    with a_store(tmp_path, "https://a.example/"):
        path = tmp_path / "store.sqlite"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        db = connect(path, checkpoints=True)
        settings = {name: db.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "foreign_keys")}
        assert settings == {"journal_mode": "wal", "foreign_keys": 1}
        assert db.conn.execute("PRAGMA foreign_key_check").fetchall() == []
        db.close()


def test_the_log_beside_the_file_stays_short(tmp_path: Path) -> None:
    """SQ-05: what is written again and again is folded in every 4 MB or so."""
    store = open_store(f"sqlite:///{tmp_path}/store.sqlite", create=True)
    with store.exclusive("test"):
        for number in range(800):
            with store.work() as work:
                work.consumers.advance("c", Seq(number), NOW)
        assert 2**21 < (tmp_path / "store.sqlite-wal").stat().st_size < 5 * 2**20
        store.close()


def test_a_clean_stop_leaves_one_file(tmp_path: Path) -> None:
    """SQ-28: the log is folded in."""
    with a_store(tmp_path, "https://a.example/"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["store.sqlite"]


def test_a_newer_file_is_refused_and_so_is_a_stranger(tmp_path: Path) -> None:
    """SQ-17: an older program never writes to a newer schema."""
    with a_store(tmp_path):
        pass
    with sqlite3.connect(tmp_path / "store.sqlite") as connection:
        connection.execute(f"PRAGMA user_version={VERSION + 1}")
    connection.close()
    with pytest.raises(StoreError, match="newer aggregator"), open_store(f"sqlite:///{tmp_path}/store.sqlite").work():
        pass
    with sqlite3.connect(tmp_path / "other.sqlite") as connection:
        connection.execute("CREATE TABLE precious (id)")
    connection.close()
    with pytest.raises(StoreError, match="another program"), open_store(f"sqlite:///{tmp_path}/other.sqlite").work():
        pass


def test_no_store_is_said_plainly(tmp_path: Path) -> None:
    """A reading command does not make an empty store."""
    with pytest.raises(StoreError, match="aggregator run"):
        open_store(f"sqlite:///{tmp_path}/none.sqlite")
    with pytest.raises(StoreError, match="sqlite:///"):
        open_store("mysql://somewhere")


def test_a_second_process_is_refused_and_told_who_is_first(tmp_path: Path) -> None:
    """SC-31: the lock is the process's, and goes with it."""
    program = (
        "import sys; from pathlib import Path; from aggregator.store.sqlite.lock import Lock\n"
        "with Lock(Path(sys.argv[1])).held('aggregator run'): print('held', flush=True); sys.stdin.read()"
    )
    with a_store(tmp_path) as store:
        command = [sys.executable, "-c", program, str(tmp_path / "store.sqlite.lock")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
            assert first.stdout is not None
            assert first.stdout.readline() == "held\n"
            with (
                pytest.raises(StoreBusyError, match=rf"aggregator run \(process {first.pid}\)"),
                store.exclusive("aggregator poll"),
            ):
                pass
            first.kill()
        with store.exclusive("aggregator poll"):
            pass


def test_a_reader_sees_a_snapshot_and_cannot_write(tmp_path: Path) -> None:
    """SQ-30: reading neither waits for the writer nor stops it."""
    with a_store(tmp_path, "https://a.example/") as store, store.read() as reading:
        assert len(reading.feeds.statuses()) == 1
        with store.work() as work:
            work.feeds.sync([], NOW)
            work.consumers.advance("c", Seq(1), NOW)
        assert len(reading.feeds.statuses()) == 1
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reading.consumers.advance("c", Seq(2), NOW)


def test_the_schedule_is_asked_by_its_index(tmp_path: Path) -> None:
    """AP-13, SQ-29: what is due is found without reading every feed."""
    with a_store(tmp_path, *(f"https://{n}.example/" for n in range(50))):
        pass
    db = connect(tmp_path / "store.sqlite", checkpoints=False)
    question = {"now": "2026", "longest_wait": "2027", "limit": 10, "per_origin": 1, "asked_only": False}
    plan = " ".join(row[3] for row in db.conn.execute(f"EXPLAIN QUERY PLAN {_DUE}", question))
    db.close()
    assert "feeds_due" in plan
    assert "SCAN f " not in plan
    assert "SCAN feeds" not in plan
