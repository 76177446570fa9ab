"""``aggregator doctor`` and ``backup`` at a prompt."""

import json
import sqlite3
from pathlib import Path

from tests.e2e.project import Project


def test_doctor_is_silent_about_a_good_store_and_loud_about_a_bad_one(tmp_path: Path) -> None:
    """XM-12, SQ-04: warnings do not change the exit status, problems do."""
    project = Project(tmp_path, [])
    assert "aggregator run" in project.run("doctor", status=1).stdout
    project.run("poll")
    shown = project.run("doctor").stdout
    assert "0 problems" in shown
    listed = json.loads(project.run("doctor", "--json").stdout)
    assert {finding["severity"] for finding in listed} <= {"warning"}
    assert all(set(finding) == {"check", "severity", "message", "advice"} for finding in listed)
    connection = sqlite3.connect(tmp_path / "store.sqlite")
    connection.execute("INSERT INTO consumers (name, seq, at) VALUES ('ahead', 99, '2026')")
    connection.commit()
    connection.close()
    assert "problem: cursors: 1 consumers" in project.run("doctor", status=1).stdout


def test_a_backup_is_named_for_the_time_or_as_asked(tmp_path: Path) -> None:
    """SQ-12: it is a store like any other, and never takes the place of a file."""
    project = Project(tmp_path, [])
    project.run("poll")
    project.run("backup", str(tmp_path / "copy.sqlite"))
    assert "exists already" in project.run("backup", str(tmp_path / "copy.sqlite"), status=69).stderr
    project.run("backup", str(tmp_path))
    (named,) = tmp_path.glob("aggregator-*Z.sqlite")
    assert named.read_bytes()[:6] == b"SQLite"
