"""Named readers of the change log."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.model import FilePlace, Seq
from aggregator.store.contract import StoreBusyError
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll
from tests.store.places import Place


def test_a_consumer_keeps_its_place(place: Place) -> None:
    """OI-10: the cursor is a seq, and what it has not had is its lag."""
    with a_store(place, "https://a.example/") as store:
        poll(store, "https://a.example/", a_digest(a_draft("x/1"), a_draft("x/2"), a_draft("x/3")), NOW)
        with store.work() as work:
            assert work.consumers.cursor("nightly") is None
            work.consumers.advance("nightly", Seq(1), NOW)
            work.consumers.advance("nightly", Seq(2), NOW + timedelta(hours=1))
        with store.read() as work:
            (status,) = work.consumers.statuses()
            assert (status.name, status.seq, status.lag, status.at) == ("nightly", 2, 1, NOW + timedelta(hours=1))
            assert [change.seq for change in work.log.after(status.seq, limit=9)] == [3]


def test_each_file_of_a_consumer_has_its_own_place(place: Place) -> None:
    """OI-06: and its newest part is the one that grows."""
    with a_store(place) as store:
        one, two = FilePlace(path="one", base="one", length=10), FilePlace(path="two", base="two")
        with store.work() as work:
            assert work.consumers.file("c", "one") is None
            for file in (one, two, replace(one, length=20, closed=True), replace(one, path="one.2", part=2)):
                work.consumers.put_file("c", file)
        with store.read() as work:
            newest = work.consumers.file("c", "one")
            assert newest is not None
            assert (newest.path, newest.part, newest.length) == ("one.2", 2, 10)
            assert {file.path for file in work.consumers.open_files("c")} == {"one.2", "two"}


def test_a_consumer_is_read_by_one_at_a_time(place: Place) -> None:
    """OI-09: whatever its name is (OI-15); others are free."""
    with a_store(place) as store, store.consuming("../a\n", "aggregator export"):
        with pytest.raises(StoreBusyError, match=r"process \d+\) already reads"), store.consuming("../a\n", "again"):
            pass
        with store.consuming("b", "aggregator export"):
            pass
    with store.consuming("../a\n", "now it is free"):
        pass


def test_trouble_is_kept_since_it_began_until_it_is_over(place: Place) -> None:
    """Also of a consumer that never had anything; and of none that the settings do not name any more."""
    with a_store(place) as store, store.work() as work:
        for name in ("one", "two"):
            work.consumers.tell(name, "no room", NOW)
            work.consumers.tell(name, "no right", NOW + timedelta(hours=1))
        told = work.consumers.statuses()
        assert [(each.trouble, each.trouble_since) for each in told] == 2 * [("no right", NOW)]
        work.consumers.relieve(["two"])
        assert [each.trouble for each in work.consumers.statuses()] == [None, "no right"]
        work.consumers.tell("two", None, NOW)
        assert [each.trouble_since for each in work.consumers.statuses()] == [None, None]


def test_the_file_that_is_written_to_is_the_newest(place: Place) -> None:
    with a_store(place) as store, store.work() as work:
        work.consumers.advance("c", Seq(3), NOW)
        files = (FilePlace(path="a", base="a", last_seq=Seq(1), closed=True), FilePlace(path="b", base="b"))
        for file in (*files, FilePlace(path="a.2", base="a", part=2, last_seq=Seq(3))):
            work.consumers.put_file("c", file)
        (status,) = work.consumers.statuses()
        assert (status.path, status.part) == ("a.2", 2)


def test_a_dropped_consumer_is_forgotten_with_its_files(place: Place) -> None:
    with a_store(place) as store:
        with store.work() as work:
            for name in ("gone", "kept"):
                work.consumers.advance(name, Seq(1), NOW)
                work.consumers.put_file(name, FilePlace(path="one", base="one"))
            work.consumers.drop("gone")
        with store.read() as work:
            assert [each.name for each in work.consumers.statuses()] == ["kept"]
            assert [work.consumers.file(name, "one") is None for name in ("gone", "kept")] == [True, False]
