"""Named readers of the change log."""

from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model import Seq
from aggregator.store.contract import StoreBusyError
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll


def test_a_consumer_keeps_its_place(tmp_path: Path) -> None:
    """OI-10: the cursor is a seq, and what it has not had is its lag."""
    with a_store(tmp_path, "https://a.example/") as store:
        poll(store, "https://a.example/", a_digest(a_draft("x/1"), a_draft("x/2"), a_draft("x/3")), NOW)
        with store.work() as work:
            assert work.consumers.cursor("nightly") is None
            work.consumers.advance("nightly", Seq(1), NOW)
            work.consumers.advance("nightly", Seq(2), NOW + timedelta(hours=1))
        with store.read() as work:
            (status,) = work.consumers.statuses()
            assert (status.name, status.seq, status.lag, status.at) == ("nightly", 2, 1, NOW + timedelta(hours=1))
            assert [change.seq for change in work.log.after(status.seq, limit=9)] == [3]


def test_each_file_of_a_consumer_has_its_own_length(tmp_path: Path) -> None:
    """OI-06."""
    with a_store(tmp_path) as store:
        with store.work() as work:
            assert work.consumers.offset("c", "one") is None
            work.consumers.set_offset("c", "one", 10)
            work.consumers.set_offset("c", "two", 5)
            work.consumers.set_offset("c", "one", 20)
        with store.read() as work:
            assert [work.consumers.offset("c", path) for path in ("one", "two")] == [20, 5]


def test_a_consumer_is_read_by_one_at_a_time(tmp_path: Path) -> None:
    """OI-09: whatever its name is (OI-15); others are free."""
    with a_store(tmp_path) as store, store.consuming("../a\n", "aggregator export"):
        with pytest.raises(StoreBusyError, match=r"process \d+\) already reads"), store.consuming("../a\n", "again"):
            pass
        with store.consuming("b", "aggregator export"):
            pass
    with store.consuming("../a\n", "now it is free"):
        pass


def test_a_dropped_consumer_is_forgotten_with_its_files(tmp_path: Path) -> None:
    with a_store(tmp_path) as store:
        with store.work() as work:
            for name in ("gone", "kept"):
                work.consumers.advance(name, Seq(1), NOW)
                work.consumers.set_offset(name, "one", 10)
            work.consumers.drop("gone")
        with store.read() as work:
            assert [each.name for each in work.consumers.statuses()] == ["kept"]
            assert (work.consumers.offset("gone", "one"), work.consumers.offset("kept", "one")) == (None, 10)
