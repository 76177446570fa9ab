"""What connections do to one another."""

import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

from aggregator.store.contract import Store
from aggregator.store.location import open_store
from aggregator.store.sqlite.connection import connect, connect_reader
from aggregator.store.sqlite.place import place_findings
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll

URL = "https://a.example/feed"


def stories(store: Store, count: int) -> None:
    """Write so many."""
    poll(store, URL, a_digest(*(a_draft(f"x/{n}", title=f"Story {n}", body="word " * 200) for n in range(count))), NOW)


def is_locked(path: Path) -> bool:
    """Whether another process is kept from writing."""
    program = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)\n"
        "try: c.execute('BEGIN IMMEDIATE'); print('free')\n"
        "except sqlite3.OperationalError as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True).stdout
    assert said in {"free\n", "database is locked\n"}
    return said != "free\n"


def test_every_connection_is_set_up(tmp_path: Path) -> None:
    """SQ-01, SQ-03, SQ-04, SU-05, SU-07: our own connection, WAL before anything else; only one checkpoints."""
    path = tmp_path / "store.sqlite"
    names = ("journal_mode", "busy_timeout", "foreign_keys", "trusted_schema", "journal_size_limit", "synchronous")
    for checkpoints in (True, False):
        db = connect(path, checkpoints=checkpoints)
        assert [db.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in names] == ["wal", 30000, 1, 0, 2**26, 2]
        assert (db.conn.execute("PRAGMA wal_autocheckpoint").fetchone()[0] > 0) is checkpoints
        assert db.conn.isolation_level is None
        db.close()
    reader = connect_reader(path)
    assert [reader.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("query_only", "trusted_schema")] == [1, 0]
    reader.close()


def test_a_transaction_holds_its_place_from_its_first_word(tmp_path: Path) -> None:
    """SQ-07, SU-02: nobody writes between what it read and what it writes."""
    with a_store(tmp_path, URL) as store:
        with store.work():
            assert is_locked(tmp_path / "store.sqlite")
        assert not is_locked(tmp_path / "store.sqlite")


def test_looking_after_the_store_drops_no_lock(tmp_path: Path) -> None:
    """SQ-15: a file that is opened and closed plainly takes the locks of the whole process with it."""
    with a_store(tmp_path, URL) as store:
        stories(store, 5)
        with store.work() as work:
            list(store.examine(NOW))
            store.backup(tmp_path / "copy.sqlite")
            store.holder()
            open_store(f"sqlite:///{tmp_path}/store.sqlite").close()
            assert work.records.count() == 5
            assert is_locked(tmp_path / "store.sqlite")


def test_a_read_that_is_left_half_way_holds_nothing_up(tmp_path: Path) -> None:
    """SQ-06: a generator that nobody finishes; the log can be folded in as soon as its block ends."""
    path = tmp_path / "store.sqlite"
    with a_store(tmp_path, URL) as store:
        stories(store, 1500)
        with store.read() as work:
            half_way = work.records.rows()
            next(half_way)
        other = sqlite3.connect(path)
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        other.close()


def test_a_long_read_does_not_keep_the_store_from_closing(tmp_path: Path) -> None:
    """SQ-05: the log stays, and the next stop folds it in; doctor warns of one that has grown large."""
    path, log = tmp_path / "store.sqlite", tmp_path / "store.sqlite-wal"
    with a_store(tmp_path, URL) as store:
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM records").fetchall()
        with store.exclusive("a test"):
            stories(store, 50)
            started = time.monotonic()
            store.close()
            assert time.monotonic() - started < 10
        assert log.stat().st_size > 0
        reader.close()
        stories(store, 50)
        store.close()
    assert not log.exists()
    log.touch()
    assert "wal" not in {finding.check for finding in place_findings(path)}
    with log.open("r+b") as file:
        file.truncate(300 * 2**20)
    assert "wal" in {finding.check for finding in place_findings(path)}


def test_whoever_comes_second_waits_and_then_writes(tmp_path: Path) -> None:
    """SQ-07, SQ-08: eight at once, each reading before it writes; not one is refused."""
    with a_store(tmp_path, *(f"https://{n}.example/feed" for n in range(8))):
        pass
    failures: list[Exception] = []

    def work(number: int) -> None:
        store = open_store(f"sqlite:///{tmp_path}/store.sqlite")
        try:
            for turn in range(5):
                poll(store, f"https://{number}.example/feed", a_digest(a_draft(f"{number}/{turn}")), NOW)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells it
            failures.append(error)
        store.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with open_store(f"sqlite:///{tmp_path}/store.sqlite").read() as reading:
        assert reading.records.count() == 40
