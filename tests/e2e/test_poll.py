"""``aggregator poll`` and ``export``, from feeds on a server to lines."""

import time
from pathlib import Path

from tests.e2e.project import Project
from tests.e2e.site import Answer, item, rss, serving


def test_one_story_in_two_feeds_under_other_tracking_is_one_line(tmp_path: Path) -> None:
    """DD-06, UR-11: one record, one line, two sightings."""
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(item("https://x.example/story?id=7&utm_source=a", guid="a-1")))
        site.answers["/b"] = Answer.feed(rss(item("http://www.x.example/story/?utm_medium=b&id=7", guid="b-1")))
        project = Project(tmp_path, [site.url("/a"), site.url("/b")])
        assert "1 new, 0 updated, 0 failed" in project.run("poll").stdout
    (record,) = project.records()
    assert "utm_" in record["canonical_source"]
    assert project.run("status").stdout.startswith("All is well, though nobody polls now: 2 feeds (2 quiet)\n")


def test_a_second_poll_without_validators_emits_nothing(tmp_path: Path) -> None:
    """And one that has them gets by with a 304 or the same bytes."""
    with serving() as site:
        text = rss(*(item(f"https://x.example/{n}", title=f"Story {n}", guid=str(n)) for n in range(5)))
        site.answers["/a"] = Answer.feed(text, ETag='"v1"')
        project = Project(tmp_path, [site.url("/a")])
        assert "5 new" in project.run("poll").stdout
        before = project.records()
        assert "skipped" in project.run("poll").stdout
        site.answers["/a"] = Answer.feed(text + "<!-- another day -->")
        assert "polled 1 feed: 0 new, 0 updated" in project.run("poll", "--force").stdout
        assert site.seen[-1][1]["if-none-match"] == '"v1"'
        assert project.records() == before


def test_an_edited_story_is_a_new_line_for_consumers(tmp_path: Path) -> None:
    """A consumer has each change once; a later line supersedes an earlier one with the same slug."""
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(item("https://x.example/1", body="First.", guid="1")))
        project = Project(tmp_path, [site.url("/a")])
        project.run("poll")
        assert [record["body_md"] for record in project.records("--consumer", "c")] == ["First."]
        assert project.records("--consumer", "c") == []
        assert project.records("--consumer", "late", "--from", "now") == []
        site.answers["/a"] = Answer.feed(rss(item("https://x.example/1", body="Second.", guid="1")))
        project.run("poll", "--force")
        (changed,) = project.records("--consumer", "c")
        assert changed["body_md"] == "Second."
        assert project.records("--consumer", "late") == [changed] == project.records()
        since = changed["updated_at"].replace(" ", "T")
        assert project.records("--since", since) == [changed]
        assert project.records("--since", "2100-01-01") == []


def test_trouble_costs_its_feed_alone_and_is_told(tmp_path: Path) -> None:
    """500, garbage, HTML, nothing, a file too large: each says why; the good feed is there."""
    troubles = {
        "/500": (Answer(body=b"oops", status=500), "500"),
        "/garbage": (Answer(body=bytes(range(256)) * 40), "not a feed"),
        "/html": (Answer(body=b"<!DOCTYPE html><html><body>Log in</body></html>"), "HTML"),
        "/empty": (Answer(body=b""), "empty"),
        "/large": (Answer(body=b" " * 100_000_000), "large"),
    }
    with serving() as site:
        site.answers |= {path: answer for path, (answer, _) in troubles.items()}
        site.answers["/good"] = Answer.feed(rss(item("https://x.example/1")))
        project = Project(tmp_path, [site.url(path) for path in (*troubles, "/good")])
        done = project.run("poll", status=1)
    assert "1 new, 0 updated, 5 failed" in done.stdout
    status = project.run("status", status=1).stdout
    assert status.startswith("5 of 6 feeds need a look (5 failing, 1 quiet)\n")
    assert len(project.records()) == 1
    for path, (_, word) in troubles.items():
        (line,) = [line for line in done.stderr.splitlines() if f"{path}:" in line]
        assert word.lower() in line.lower()
        (line,) = [line for line in status.splitlines() if f"{path} " in line]
        assert word.lower() in line.lower()


def test_a_host_that_asks_to_wait_is_left_alone(tmp_path: Path) -> None:
    """ST-01, ST-07: Retry-After is for the host; --force does not override it, and being skipped is no failure."""
    with serving() as site:
        site.answers["/a"] = Answer(body=b"", status=429, headers={"Retry-After": "3600"})
        site.answers["/b"] = Answer.feed(rss(item("https://x.example/1")))
        project = Project(tmp_path, [site.url("/a"), site.url("/b")])
        project.run("poll", site.url("/a"), status=1)
        done = project.run("poll", "--force")
        assert done.stdout.count("asked us to wait") == 2
        assert len(site.seen) == 1


def test_a_strange_url_is_wrong_usage(tmp_path: Path) -> None:
    """Exit 64, with the nearest configured one."""
    project = Project(tmp_path, ["https://example.org/feed.xml"])
    done = project.run("poll", "https://example.org/fed.xml", status=64)
    assert 'did you mean "https://example.org/feed.xml"' in done.stderr


def test_a_private_address_is_refused_unless_it_is_allowed(tmp_path: Path) -> None:
    """SS-01, SS-16: default deny."""
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(item("https://x.example/1")))
        project = Project(tmp_path, [site.url("/a")])
        text = project.config.read_text()
        project.config.write_text(text.replace('"127.0.0.0/8"', ""))
        assert "allow_networks" in project.run("poll", status=1).stderr
        assert site.seen == []


def test_an_export_replaces_its_file_at_once(tmp_path: Path) -> None:
    """Nothing is left of a temporary file, and a second process may read while another polls."""
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(item("https://x.example/1")))
        project = Project(tmp_path, [site.url("/a")])
        project.run("poll")
    target = tmp_path / "out.jsonl"
    target.write_text("old\n")
    project.run("export", "-o", str(target))
    assert target.read_text().count("\n") == 1
    assert "old" not in target.read_text()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    slug = project.records()[0]["slug"]
    assert f'"slug": "{slug}"' in project.run("show", slug).stdout
    record = project.records()[0]
    assert project.run("show", slug, "--text", "--links", "drop").stdout.startswith(f"{record['title']}\n\n")
    assert "no record" in project.run("show", "nonsense", status=1).stderr


def test_a_poll_ends_soon_when_little_is_to_do(tmp_path: Path) -> None:
    """A person at a prompt waits for the server, not for us."""
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(item("https://x.example/1")))
        project = Project(tmp_path, [site.url("/a")])
        started = time.monotonic()
        project.run("poll")
        assert time.monotonic() - started < 30


def test_a_login_page_instead_of_the_feed_costs_nothing_but_the_poll(tmp_path: Path) -> None:
    """ST-30: entries and validators stay, and nobody looks for another feed there."""
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(item("https://x.example/1")), ETag='"v1"')
        project = Project(tmp_path, [site.url("/a")])
        project.run("poll")
        records = project.records()
        link = '<link rel="alternate" type="application/rss+xml" href="/b">'
        page = f"<!doctype html><html>{link}<input type='password'></html>".encode()
        site.answers["/a"] = Answer(body=page, headers={"Content-Type": "text/html", "ETag": '"login"'})
        assert "login page" in project.run("poll", "--force", status=1).stderr
        assert "not a feed" in project.run("status", status=1).stdout
        project.run("poll", "--force", status=1)
        assert project.records() == records
    assert [path for path, _ in site.seen] == ["/a"] * 3
    assert site.seen[-1][1]["if-none-match"] == '"v1"'
