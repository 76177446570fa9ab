"""``aggregator history`` and ``aggregator identity``, as a person sees them."""

from pathlib import Path

from tests.e2e.project import Project
from tests.e2e.site import Answer, serving
from tests.stories import WORDS, rss, story


def test_the_history_of_a_record_is_shown_with_what_changed(tmp_path: Path) -> None:
    """DD-01: seq, time, kind, revision, the parts; and a diff to read."""
    with serving() as site:
        project = Project(tmp_path, [site.url("/feed")])
        for body in (f"<p>{WORDS}</p><p>Ann.</p>", f"<p>{WORDS}</p><p>Ann Lee.</p>"):
            site.answers["/feed"] = Answer.feed(rss([story(1, title="Ferry sails", body=body)]))
            project.run("poll", "--force")
        first, second = project.run("history", "ferry-sails").stdout.splitlines()
        assert [text.split("\t")[2:4] for text in (first, second)] == [["new", "revision 1"], ["updated", "revision 2"]]
        assert "body_md" in second.split("\t")[4]
        diff = project.run("history", "https://wpnews.pro/news/ferry-sails", "-r", "2").stdout.splitlines()
        assert {"-Ann.", "+Ann Lee."} <= set(diff)
        assert "--- body_md  revision 1" in diff
        assert "+Ann." in project.run("history", "ferry-sails", "--diff").stdout.splitlines()
        assert "newest is 2" in project.run("history", "ferry-sails", "-r", "9", status=1).stderr
        assert "no record" in project.run("history", "nothing", status=1).stderr


def test_a_wrong_alias_is_seen_and_undone(tmp_path: Path) -> None:
    """ID-11: what was recognised is listed with reason and confidence, and parted by a command."""
    with serving() as site:
        project = Project(tmp_path, [site.url("/feed")])
        for word in ("on", "from"):
            text = story(
                1, link=f"https://site.example/{word}-x", title=f"Ferry sails {word} Monday", body=WORDS, days=1
            )
            site.answers["/feed"] = Answer.feed(rss([text]))
            project.run("poll", "--force")
        (record,) = project.records()
        shown = project.run("identity", "show", record["slug"]).stdout
        assert "link\tsite.example/from-x\tedited-title\t0.75" in shown
        parted = project.run("identity", "unmerge", record["slug"], "https://site.example/from-x").stdout
        assert f"parted from {record['slug']}" in parted
        told = {each["canonical_source"]: each["title"] for each in project.records()}
        assert told == {
            "https://site.example/on-x": "Ferry sails on Monday",
            "https://site.example/from-x": "Ferry sails from Monday",
        }
        project.run("poll", "--force")
        assert len(project.records()) == 2
        assert "was not merged" in project.run("identity", "unmerge", record["slug"], status=1).stderr
        project.run("identity", "show", "nothing", status=1)
