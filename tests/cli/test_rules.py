"""Rules, tried out and then in force."""

import sqlite3
from pathlib import Path

from tests.e2e.project import Project
from tests.e2e.site import Answer, item, rss, serving

RULES = """
[[rules]]
name = "no ads"
action = "drop"
title = { regex = "^sponsored\\\\b" }
[[rules]]
action = "tag"
tags = ["gales"]
text = "the storm"
"""
BEFORE = [
    item("https://x.example/1", title="Sponsored: buy this", guid="1"),
    item("https://x.example/2", title="Wind", body="After <b>the</b> storm.", guid="2"),
    item("https://x.example/3", title="Something else", guid="3"),
]
AFTER = [
    item("https://x.example/4", title="SPONSORED again", guid="4"),
    item("https://x.example/5", title="Rain", body="Before the storm.", guid="5"),
]


def test_rules_are_tried_on_what_is_stored_and_act_on_what_comes(tmp_path: Path) -> None:
    """A preview changes nothing; what is dropped is in no output, and is not looked at again."""
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(*BEFORE))
        project = Project(tmp_path, [site.url("/a")])
        project.run("poll")
        project.config.write_text(project.config.read_text() + RULES)
        shown = project.run("rules", "test").stdout.splitlines()
        assert shown == [
            "drop\tsponsored-buy-this\tSponsored: buy this\tno ads",
            "change\twind\tWind\trule 2\tgales",
            "3 records: 1 dropped, 1 changed, 1 as they are",
        ]
        assert "keep\tsomething-else\tSomething else" in project.run("rules", "test", "--all").stdout
        assert len(project.records()) == 3
        site.answers["/a"] = Answer.feed(rss(*AFTER, *BEFORE))
        assert "1 new, 0 updated" in project.run("poll", "--force").stdout
        assert "0 problems" in project.run("doctor").stdout
    assert {record["title"]: record["topics"] for record in project.records()} == {
        **{title: [] for title in ("Sponsored: buy this", "Something else")},
        "Wind": [],
        "Rain": ["gales", "weather"],
    }
    connection = sqlite3.connect(tmp_path / "store.sqlite")
    assert connection.execute("SELECT match_key, reason FROM tombstones").fetchall() == [("x.example/4", "dropped")]
    connection.close()
