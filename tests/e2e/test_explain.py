"""``aggregator explain``, and a store whose keys older rules made."""

import json
import sqlite3
from pathlib import Path

from aggregator.normalize.identity import key_hash
from aggregator.url.clean import RULES_VERSION
from tests.e2e.project import Project
from tests.e2e.site import Answer, item, rss, serving

NEWS = "https://news.google.com/rss/articles/CBMiBW9sZA?oc=5"


def age(store: Path) -> None:
    """Make the store what rules would have left that kept every key open-ended."""
    with sqlite3.connect(store) as db:
        db.execute("UPDATE records SET match_key_version=1, match_key=match_key || '?rss=1'")
        for ident, key in db.execute("SELECT id, match_key FROM records").fetchall():
            hashed = key_hash(key)
            db.execute("UPDATE sightings SET guid_hash=? WHERE record_id=? AND guid IS NULL", (hashed, ident))
            guidless = "(SELECT record_id FROM sightings WHERE guid IS NULL)"
            db.execute(f"UPDATE records SET guid_hash=? WHERE id=? AND id IN {guidless}", (hashed, ident))


def test_newer_rules_emit_nothing_and_old_keys_lead_to_their_records(tmp_path: Path) -> None:
    """UR-39: for entries with guids and without, in the feed that gave them and in another."""
    with serving() as site:
        stories = [
            item(f"https://www.x.example/{n}/", title=f"Story {n}", guid=str(n) if n % 2 else "") for n in range(6)
        ]
        site.answers["/a"] = Answer.feed(rss(*stories))
        project = Project(tmp_path, [site.url("/a"), site.url("/b")])
        project.run("poll", status=1)  # the second feed is not there yet
        before = project.records("--consumer", "reader")
        assert len(before) == 6
        age(tmp_path / "store.sqlite")
        assert "poll` makes them anew" in project.run("explain", "https://x.example/0").stdout
        site.answers["/a"] = Answer.feed(rss(*stories) + "<!-- another day -->")
        site.answers["/b"] = Answer.feed(rss(item("http://x.example/3?utm_source=b", title="Story 3", guid="b")))
        done = project.run("poll", "--force")
        assert "0 new, 0 updated, 0 failed" in done.stdout
        assert "match keys of older rules made anew" in done.stderr
        assert project.records("--consumer", "reader") == []
        assert [record["slug"] for record in project.records()] == [record["slug"] for record in before]
        told = project.run("explain", "https://www.x.example/3?rss=1#top").stdout
        assert f"story-3, by the alias of x.example/3 (rules 1→{RULES_VERSION})" in told
        assert [line.split()[2] for line in told.splitlines() if "seen in" in line] == [site.url("/a"), site.url("/b")]
        assert "made anew" not in project.run("poll", "--force").stderr
    with sqlite3.connect(tmp_path / "store.sqlite") as db:
        assert db.execute("SELECT count(*) FROM changes WHERE kind='gap'").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM sightings").fetchone() == (7,)


def test_a_link_is_explained_rule_by_rule(tmp_path: Path) -> None:
    """UR-39: what became of it, and which story it is."""
    with serving() as site:
        site.answers["/a"] = Answer.feed(
            rss(item("https://x.example/one", title="One", guid="1"), item(NEWS, title="Elsewhere", guid="2"))
        )
        project = Project(tmp_path, [site.url("/a")])
        project.run("poll")
    wrapped = "https://www.google.com/url?q=http%3A%2F%2Fm.x.example%2Fone%2F%3Futm_source%3Da%26fbclid%3Db"
    told = project.run("explain", wrapped).stdout.splitlines()
    assert [line.strip().partition(" (")[0] for line in told if line.endswith(")") and line[2] != " "][:5] == [
        "no scheme and default port, host in ASCII",
        "redirector unwrapped",
        "host without www, m, mobile, amp",
        "trailing slash, index page, AMP page",
        "tracking parameters",
    ]
    assert f"canonical_source  {wrapped}" in told
    assert f"match_key         x.example/one  (rules {RULES_VERSION})" in told
    assert f"record            one, by its own key, rules {RULES_VERSION}: One" in told
    stranger = project.run("explain", "javascript:alert(1)").stdout
    assert "canonical_source  none: the scheme javascript: leads to no web page (UR-33)" in stranger
    assert "record            none has this key" in stranger
    assert "the link does not say where" in project.run("explain", NEWS).stdout


def test_an_explanation_is_there_for_programs(tmp_path: Path) -> None:
    """UR-12, UR-15: with the feed whose host ``ref=`` may name, and the records that share a page."""
    with serving() as site:
        pages = [item("https://x.example/now", title=f"Note {n}", guid=f"note {n}") for n in range(2)]
        site.answers["/a"] = Answer.feed(rss(*pages, item("https://y.example/one", title="One", guid="one")))
        project = Project(tmp_path, [site.url("/a")])
        project.run("poll")
        link = "https://y.example/one?ref=127.0.0.1"
        alone = json.loads(project.run("explain", "--json", link).stdout)
        fed = json.loads(project.run("explain", "--json", "--feed", site.url("/a"), link).stdout)
        assert (alone["match_key"], alone["record"]) == ("y.example/one?ref=127.0.0.1", None)
        assert (fed["match_key"], fed["rules"]) == ("y.example/one", RULES_VERSION)
        assert [step["cases"] for step in fed["steps"]] == ["UR-01, UR-24, UR-27", "UR-12"]
        assert (fed["record"]["slug"], fed["record"]["alias"]) == ("one", None)
        assert [seen["feed"] for seen in fed["record"]["sightings"]] == [site.url("/a")]
        shared = json.loads(project.run("explain", "--json", "https://x.example/now").stdout)
        assert (shared["record"], sorted(shared["shares_page"])) == (None, ["note-0", "note-1"])
        project.run("explain", "--feed", "https://stranger.example/", link, status=64)


def test_a_link_is_explained_where_there_is_no_store(tmp_path: Path) -> None:
    """Exit 0: the rules need none. Nothing is made."""
    project = Project(tmp_path, [])
    told = project.run("explain", "https://www.x.example/one").stdout
    assert "match_key         x.example/one" in told
    assert "record            none: there is no store" in told
    assert list(tmp_path.iterdir()) == [project.config]
