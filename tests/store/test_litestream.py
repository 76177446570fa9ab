"""What Litestream does to a database, by its documentation, done by another process while we write.

It keeps two tables of its own, holds a read transaction so that nobody else starts the log anew, copies the log, and
checkpoints by itself: PASSIVE as a rule, RESTART when the log has grown. The program itself was not run.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from aggregator.store.location import open_store, restore_store
from aggregator.store.sqlite.schema import VERSION
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll

URL = "https://a.example/feed"
POLLS, STORIES = 60, 5
REPLICATE = """
import pathlib, sqlite3, sys
path = pathlib.Path(sys.argv[1])
db = sqlite3.connect(path, timeout=30, isolation_level=None)
db.execute("PRAGMA wal_autocheckpoint=0")
db.execute("CREATE TABLE IF NOT EXISTS _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)")
db.execute("CREATE TABLE IF NOT EXISTS _litestream_lock (id INTEGER)")

def hold():
    db.execute("BEGIN")
    db.execute("SELECT count(1) FROM _litestream_seq").fetchone()

hold()
for line in sys.stdin:  # one turn a line, the way of checkpointing in it
    pathlib.Path(f"{path}-wal").read_bytes()
    db.execute("ROLLBACK")
    db.execute("INSERT INTO _litestream_seq VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET seq=seq+1")
    print(*db.execute(f"PRAGMA wal_checkpoint({line.strip()})").fetchone(), flush=True)
    hold()
"""


class Replicator:
    """The other process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def turn(self, way: str) -> tuple[int, ...]:
        """Have it copy the log and checkpoint; return whether it was busy, and frames in the log and folded in."""
        assert self._process.stdin
        assert self._process.stdout
        print(way, file=self._process.stdin, flush=True)
        return tuple(map(int, self._process.stdout.readline().split()))


@contextmanager
def replicating(path: Path) -> Iterator[Replicator]:
    """Replicate until the block ends, and wait for the end."""
    words = [sys.executable, "-c", REPLICATE, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Replicator(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(60) == 0


def test_nothing_is_lost_while_another_process_reads_and_checkpoints(tmp_path: Path) -> None:
    """SQ-16: commits, doctor, migrate, backup and restore go on with its tables there."""
    path = tmp_path / "store.sqlite"
    with a_store(tmp_path, URL) as store, replicating(path) as other:
        for number in range(POLLS):
            drafts = (a_draft(f"x.example/{number}/{n}", body="word " * 500) for n in range(STORIES))
            poll(store, URL, a_digest(*drafts), NOW + timedelta(minutes=number))
            if number % 5 == 4:
                busy, *_ = other.turn("RESTART" if number % 20 == 19 else "PASSIVE")
                assert busy == 0
        assert [finding for finding in store.examine(NOW + timedelta(days=1)) if finding.severity == "problem"] == []
        assert store.migrate() == (VERSION, VERSION)
        store.backup(tmp_path / "copy.sqlite")
    restored = f"sqlite:///{tmp_path}/elsewhere.sqlite"
    restore_store(restored, tmp_path / "copy.sqlite", NOW, owner="test")
    for url in (f"sqlite:///{path}", restored):
        again = open_store(url)
        with again.read() as work:
            assert work.records.count() == POLLS * STORIES
            assert work.log.last() == POLLS * STORIES
        assert [finding for finding in again.examine(NOW + timedelta(days=1)) if finding.severity == "problem"] == []


def test_a_store_that_is_replicated_is_taken_up_where_it_was_left(tmp_path: Path) -> None:
    """Closing folds the log in as far as the other lets it; the next start loses nothing either."""
    path = tmp_path / "store.sqlite"
    with a_store(tmp_path, URL) as store:
        poll(store, URL, a_digest(a_draft("x.example/0")), NOW)
    with replicating(path) as other:
        for number in range(1, 4):
            with a_store(tmp_path, URL) as store:
                poll(store, URL, a_digest(a_draft(f"x.example/{number}")), NOW + timedelta(hours=number))
            other.turn("PASSIVE")
    with a_store(tmp_path, URL) as store, store.read() as work:
        assert work.records.count() == 4
