"""What `aggregator doctor` finds in a store."""

import os
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model import Finding, Seq
from aggregator.store.contract import StoreLostError
from aggregator.store.location import open_store
from aggregator.store.sqlite.examine import sqlite_findings
from aggregator.store.sqlite.place import file_system, place_findings
from aggregator.store.sqlite.schema import VERSION
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll

URL = "https://a.example/feed"


def a_used_store(folder: Path) -> Path:
    """Write a store with stories and revisions."""
    with a_store(folder, URL) as store:
        for edit in range(3):
            drafts = [a_draft(f"x.example/{n}", body=f"Edit {edit}. " + "word " * 200) for n in range(30)]
            poll(store, URL, a_digest(*drafts), NOW + timedelta(hours=edit))
        with store.work() as work:
            work.consumers.advance("nightly", Seq(5), NOW)
    return folder / "store.sqlite"


def problems(path: Path, at: timedelta = timedelta(hours=3)) -> list[Finding]:
    """Return what needs somebody."""
    store = open_store(f"sqlite:///{path}")
    found = [finding for finding in store.examine(NOW + at) if finding.severity == "problem"]
    assert all(finding.advice for finding in found)
    return found


def test_a_store_in_use_is_in_order(tmp_path: Path) -> None:
    """Also while it is open, and in the middle of being written."""
    path = a_used_store(tmp_path)
    assert problems(path) == []
    with a_store(tmp_path, URL) as store, store.work() as work:
        work.feeds.sync([], NOW)
        assert problems(path) == []


@pytest.mark.parametrize(
    ("harm", "check"),
    [
        ("DELETE FROM changes WHERE seq=7", "sequence"),
        ("DELETE FROM revisions WHERE record_id=3 AND revision=3", "orphans"),
        ("DELETE FROM revisions WHERE record_id=3 AND revision=2", "orphans"),
        ("UPDATE revisions SET content=NULL WHERE record_id=3 AND revision=1", "orphans"),
        ("UPDATE records SET seq=1000 WHERE id=3", "orphans"),
        ("DELETE FROM feeds", "foreign-keys"),
        ("DELETE FROM records WHERE id=3", "foreign-keys"),
        ("UPDATE consumers SET seq=1000", "cursors"),
        (f"PRAGMA user_version={VERSION + 1}", "schema"),
    ],
)
def test_every_harm_is_found(tmp_path: Path, harm: str, check: str) -> None:
    """SQ-17 for the schema: each with what to do."""
    path = a_used_store(tmp_path)
    connection = sqlite3.connect(path)
    connection.execute(harm)
    connection.commit()
    connection.close()
    assert check in {finding.check for finding in problems(path)}


def test_a_clock_that_was_wrong_is_found(tmp_path: Path) -> None:
    """SC-28 mends it; somebody has to set it."""
    path = a_used_store(tmp_path)
    assert [finding.check for finding in problems(path, timedelta(hours=1))] == ["clock"]


def test_damage_is_found_and_nothing_is_written_to_it(tmp_path: Path) -> None:
    """SQ-11: by doctor at any time; at the start of polling after a stop that was none."""
    path = a_used_store(tmp_path)
    data = bytearray(path.read_bytes())
    data[4096 * 12 : 4096 * 20] = b"\xff" * 4096 * 8
    path.write_bytes(data)
    assert [finding.check for finding in problems(path)] == ["quick-check"]
    log = path.with_name("store.sqlite-wal")
    log.write_bytes(b"what a killed process left behind")
    store = open_store(f"sqlite:///{path}")
    with store.exclusive("a test"), pytest.raises(StoreLostError, match="backup"), store.work():
        pass
    path.write_text("no database at all, but long enough to be looked at as one" * 100)
    log.unlink(missing_ok=True)
    assert [finding.check for finding in problems(path)] == ["quick-check"]


def test_a_store_that_others_may_read_is_a_warning(tmp_path: Path) -> None:
    """SQ-27."""
    path = a_used_store(tmp_path)
    path.chmod(0o644)
    assert "rights" in {finding.check for finding in open_store(f"sqlite:///{path}").examine(NOW)}


@pytest.mark.parametrize(
    ("version", "known"),
    [
        ("3.6.23", False),
        ("3.7.0", True),
        ("3.40.1", True),
        ("3.44.5", True),
        ("3.44.6", False),
        ("3.45.0", True),
        ("3.50.6", True),
        ("3.50.7", False),
        ("3.51.2", True),
        ("3.51.3", False),
        ("3.52.0", False),
    ],
)
def test_versions_of_sqlite_with_the_wal_reset_bug_are_known(version: str, known: bool) -> None:
    """SQ-04."""
    found = list(sqlite_findings(tuple(map(int, version.split(".")))))
    assert [(finding.check, finding.severity) for finding in found] == ([("sqlite", "warning")] if known else [])


def test_the_file_system_is_that_of_the_nearest_mount() -> None:
    """SQ-13: NFS, SMB and overlays are warned of."""
    mounts = [
        "22 1 0:20 / / rw - overlay overlay rw",
        "23 22 0:21 / /data rw shared:1 - nfs4 server:/x rw",
        r"24 23 0:22 / /data/with\040space rw - ext4 /dev/sda1 rw",
        "25 23 0:23 / /data/twice rw - tmpfs none rw",
        "26 23 0:24 / /data/twice rw - xfs /dev/sdb1 rw",
    ]
    paths = {
        "/var/store.sqlite": "overlay",
        "/data/store.sqlite": "nfs4",
        "/database/store.sqlite": "overlay",
        "/data/with space/a/store.sqlite": "ext4",
        "/data/twice/store.sqlite": "xfs",
    }
    assert {path: file_system(Path(path), mounts) for path in paths} == paths


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_root_is_told_of_files_that_who_polls_cannot_open(tmp_path: Path) -> None:
    """Root may open them all, and must not judge by that."""
    path = a_used_store(tmp_path)
    assert "owner" not in {finding.check for finding in problems(path)}
    os.chown(tmp_path, 12345, 12345)
    (found,) = (finding for finding in problems(path) if finding.check == "owner")
    assert "belongs to user 12345, and store.sqlite in it to somebody else" in found.message
    assert f"chown --reference={tmp_path} {path}*" in found.advice


def test_stores_that_restores_put_aside_are_told_of_with_their_size(tmp_path: Path) -> None:
    path = a_used_store(tmp_path)
    for day in (1, 2):
        path.with_name(f"store.sqlite.before-restore-2026010{day}T000000Z").write_bytes(b"0" * 2_000_000)
    found = {finding.check: finding for finding in place_findings(path)}["restores"]
    assert (found.severity, found.message) == ("warning", "stores of before 2 restores take 4.0 MB")
    assert found.advice.endswith(f"rm {path}.before-restore-*")
