"""What `aggregator probe` says of feeds of several kinds, and of what is none."""

import gzip
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.project import Project
from tests.e2e.site import Answer, Site, item, rss, serving

NOW = datetime.now(UTC)


def feed(hours: float = 3) -> str:
    dated = [
        item(f"https://x.example/{n}", title=f"Story {n}").replace(
            "</item>", f"<pubDate>{NOW - timedelta(hours=hours * n):%a, %d %b %Y %H:%M:%S +0000}</pubDate></item>"
        )
        for n in range(5)
    ]
    return rss(*dated, title="Five stories")


def honest(site: Site) -> Callable[[], Answer]:
    """A server whose validators work."""

    def answer() -> Answer:
        if site.seen[-1][1].get("if-none-match") == '"v1"':
            return Answer(body=b"", status=304, headers={"ETag": '"v1"'})
        return Answer(
            body=gzip.compress(feed().encode()),
            headers={
                "Content-Type": "application/rss+xml",
                "ETag": '"v1"',
                "Content-Encoding": "gzip",
                "Link": '<https://hub.example/>; rel="hub"',
            },
        )

    return answer


def test_a_feed_is_described_for_people_and_programs(tmp_path: Path) -> None:
    with serving() as site:
        site.answers["/feed"] = honest(site)
        site.answers["/old"] = Answer(body=b"", status=301, headers={"Location": site.url("/feed")})
        project = Project(tmp_path, [])
        told = json.loads(project.run("probe", site.url("/old"), "--format", "json").stdout)
        shown = project.run("probe", site.url("/feed")).stdout
    assert (told["redirected_to"], told["moved"], told["entries"]) == (site.url("/feed"), True, 5)
    assert told["validators"] == "ETag: they work (304)"
    assert (told["compression"], told["hub"], told["rhythm"]) == ("gzip", "https://hub.example/", "3h")
    assert told["bytes"] < told["bytes_unpacked"] == len(feed())
    assert told["decided_by"] == "rhythm"
    assert (told["sample"]["title"], told["sample"]["canonical_source"]) == ("Story 0", "https://x.example/0")
    assert "validators  ETag: they work (304)" in shown
    assert re.search(r"^interval    1h\w*: rhythm", shown, re.MULTILINE)  # which minutes, the hour of the day decides
    assert list(tmp_path.iterdir()) == [project.config]  # no store


def test_validators_that_do_not_work_are_told(tmp_path: Path) -> None:
    with serving() as site:
        site.answers["/feed"] = Answer.feed(feed(), **{"Last-Modified": "Mon, 01 Jun 2026 10:00:00 GMT"})
        told = json.loads(Project(tmp_path, []).run("probe", site.url("/feed"), "--format", "json").stdout)
    assert told["validators"] == "Last-Modified: not honoured, the whole document came again"


def test_what_is_no_feed_says_what_to_do(tmp_path: Path) -> None:
    with serving() as site:
        site.answers["/page"] = Answer(body=b"<html><p>Hello</p></html>", headers={"Content-Type": "text/html"})
        project = Project(tmp_path, [])
        assert "aggregator feeds add" in project.run("probe", site.url("/page"), status=1).stderr
