"""An export that cannot be written: who tells of it, and what happens when it is mended."""

import json
from pathlib import Path

from tests.e2e.project import Project
from tests.e2e.site import Answer, item, rss, serving
from tests.e2e.test_daemon import FAST, lines, stop, until
from tests.e2e.test_reload import rewritten, row


def test_an_export_that_cannot_be_written_is_told_by_status_and_check_until_it_is_mended(tmp_path: Path) -> None:
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(item("https://x.example/1", title="One")))
        project = Project(tmp_path, [site.url("/a")], FAST)
        (tmp_path / "out/records.jsonl").mkdir(parents=True)
        checked = project.run("check")
        assert f"{project.config}:20:8: export plain cannot be written: " in checked.stderr
        assert "Is a directory (a folder is there: name a file)" in checked.stderr
        with project.start() as daemon:
            until(lambda: any(line["event"].startswith("an export cannot") for line in project.log()))
            shown = project.run("status", status=1).stdout
            assert shown.startswith("the output plain cannot be written; 1 feed")
            assert "cannot be written since 20" in shown
            told = json.loads(project.run("status", "--json", status=1).stdout)["consumers"]
            assert [each["name"] for each in told if each["trouble"]] == ["plain"]
            rewritten(project, ("out/records.jsonl", "other.jsonl"))
            project.run("reload")
            until((tmp_path / "other.jsonl").exists)
            until(lambda: row(project, "SELECT count(*) FROM consumers WHERE trouble IS NOT NULL") == (0,))
            (tmp_path / "out/records.jsonl").rmdir()
            rewritten(project, ("other.jsonl", "out/records.jsonl"))
            project.run("reload")
            site.answers["/a"] = Answer.feed(rss(item("https://x.example/2", title="Two")))
            until(lambda: len(lines(project)) == 1)
            rewritten(project, ("out/records.jsonl", "other.jsonl"))
            project.run("reload")
            site.answers["/a"] = Answer.feed(rss(item("https://x.example/3", title="Three")))
            until((tmp_path / "other.0002.jsonl").exists)
            assert f"plain writes to {tmp_path}/other.0002.jsonl, part 2" in project.run("status").stdout
            assert stop(daemon) == 0
    (said,) = (line for line in project.log() if line["event"] == "an export goes on in another file")
    assert said["because"].startswith(f"{tmp_path}/other.jsonl was closed: its manifest")
