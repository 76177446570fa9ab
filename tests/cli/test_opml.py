"""``aggregator feeds import`` and ``export``."""

import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.feeds import load
from aggregator.store.location import open_store
from tests.e2e.project import COMMAND, Project
from tests.e2e.site import Answer, serving

NOW = datetime(2026, 7, 1, tzinfo=UTC)
LIST = """<?xml version="1.0"?>
<opml version="2.0"><head/><body>
<outline text="News">
 <outline text="A" xmlUrl="https://a.example/feed" type="weird"/>
 <outline text="A again" xmlUrl="http://a.example/feed/"/>
 <outline text="Known" XMLURL="http://known.example/feed"/>
</outline>
<outline text="No URL"/>
<outline text="x" xmlUrl="file:///etc/passwd"/>
<outline text="x" xmlUrl="javascript:alert(1)"/>
<outline text="x" xmlUrl="http://10.0.0.1/feed"/>
<outline text="x" xmlUrl="| rm -rf /"/>
<outline text="x" xmlUrl="exec:ls"/>
<outline text="x" xmlUrl="filter:ls:http://a.example/"/>
<outline text="B &amp; C" xmlUrl="https://b.example/?x=1&amp;y=2"/>
</body></opml>"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path, ["https://known.example/feed"], "# mine\n")


def test_a_list_is_imported_once(project: Project) -> None:
    """OP-03, OP-04, OP-05: with the reason for every row that is left out."""
    source = project.folder / "list.opml"
    source.write_text(LIST)
    before = project.config.read_text()
    done = project.run("feeds", "import", str(source), "--dry-run")
    assert "2 would be added, 2 already there, 6 refused" in done.stdout
    assert project.config.read_text() == before
    done = project.run("feeds", "import", str(source))
    assert "2 added, 2 already there, 6 refused; `aggregator reload` has a running daemon take them up" in done.stdout
    assert [f"{source}:{line}: left out" in done.stderr for line in range(9, 15)] == [True] * 6
    assert project.config.read_text().startswith(before)
    assert project.run("feeds", "list").stdout.splitlines()[1:] == [
        "https://a.example/feed\tA\tNews\t",
        "https://b.example/?x=1&y=2\tB & C\t\t",
    ]
    assert "0 added, 4 already there" in project.run("feeds", "import", str(source)).stdout


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_standard_input_in_any_encoding(project: Project, encoding: str) -> None:
    """OP-06."""
    text = (
        f"<?xml version='1.0' encoding='{encoding}'?><opml><outline text='Müller' xmlUrl='https://m.example/'/></opml>"
    )
    words = [*COMMAND, "feeds", "import", "-", "-c", str(project.config)]
    subprocess.run(words, input=text.encode(encoding), check=True, capture_output=True)
    assert "https://m.example/\tMüller" in project.run("feeds", "list").stdout


def test_what_is_no_list_changes_nothing(project: Project) -> None:
    """OP-01: exit 78 for what is no list, 1 for what cannot be had."""
    before = project.config.read_text()
    bad = project.folder / "bad.opml"
    for text, word in (
        ('<!DOCTYPE opml [<!ENTITY a "b">]><opml/>', "DOCTYPE"),
        ("<html/>", "expected an OPML document"),
        ("<opml>" + " " * 11_000_000, "at most 10000000 bytes"),
    ):
        bad.write_text(text)
        assert word in project.run("feeds", "import", str(bad), status=78).stderr
    assert "cannot be read" in project.run("feeds", "import", "nowhere.opml", status=1).stderr
    assert project.config.read_text() == before


def test_a_list_by_url_is_fetched_as_feeds_are_and_removes_nothing(project: Project) -> None:
    """OP-09, SS-15."""
    with serving() as site:
        site.answers["/list"] = Answer.feed(LIST)
        assert "2 added" in project.run("feeds", "import", site.url("/list")).stdout
        site.answers["/list"] = Answer.feed("<opml/>")
        assert "0 added, 0 already there" in project.run("feeds", "import", site.url("/list")).stdout
        assert len(project.run("feeds", "list").stdout.splitlines()) == 3
        assert "404" in project.run("feeds", "import", site.url("/none"), status=1).stderr
        project.config.write_text(project.config.read_text().replace('"127.0.0.0/8"', ""))
        site.seen.clear()
        assert "allow_networks" in project.run("feeds", "import", site.url("/list"), status=1).stderr
    assert site.seen == []


def test_fifty_thousand_feeds_are_imported_and_not_asked_at_once(project: Project) -> None:
    """OP-07: one edit, no request; what is due is claimed in portions."""
    source = project.folder / "many.opml"
    rows = "".join(f'<outline text="Feed {n}" xmlUrl="https://h{n}.example/feed"/>' for n in range(50_000))
    source.write_text(f"<opml><outline text='Many'>{rows}</outline></opml>")
    started = time.monotonic()
    assert "50000 added, 0 already there, 0 refused" in project.run("feeds", "import", str(source)).stdout
    assert time.monotonic() - started < 120
    store = open_store(f"sqlite:///{project.folder}/store.sqlite", create=True)
    feeds = load(project.config, {}).feeds
    with store.work() as work:
        work.feeds.sync(feeds, NOW)
        lease = NOW + timedelta(minutes=10)
        claimed = work.feeds.claim_due(NOW, limit=128, per_origin=1, token="t", lease_until=lease)
    store.close()
    assert (len(feeds), len(claimed)) == (50_001, 128)


def test_what_is_exported_is_imported_as_it_was(tmp_path: Path) -> None:
    """OP-08: pauses and intervals, tags with any character; credentials only when asked for."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    tables = (
        '[[feeds]]\nurl = "https://me:secret@a.example/"\nname = "A <&>"\ntags = ["x", "a/b, c"]\nenabled = false\n'
    )
    ours = Project(old, ["https://b.example/"], "")
    ours.config.write_text(ours.config.read_text() + tables + 'interval = "2h"\n')
    done = ours.run("feeds", "export")
    assert "secret" not in done.stdout
    target = old / "feeds.opml"
    ours.run("feeds", "export", "--with-secrets", "-o", str(target))
    theirs = Project(new, [])
    assert "2 added" in theirs.run("feeds", "import", str(target)).stdout
    assert sorted(theirs.run("feeds", "list").stdout.splitlines()) == sorted(
        ours.run("feeds", "list").stdout.splitlines()
    )
    assert theirs.config.read_text().count("secret") == 1
    assert 'interval = "2h"' in theirs.config.read_text()
    again = new / "feeds.opml"
    theirs.run("feeds", "export", "--with-secrets", "-o", str(again))
    assert sorted(again.read_text().splitlines()) == sorted(target.read_text().splitlines())
