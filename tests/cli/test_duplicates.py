"""``aggregator duplicates`` and the envelope, from two feeds that print one text."""

from pathlib import Path

from tests.e2e.project import Project
from tests.e2e.site import Answer, serving
from tests.stories import WORDS, rss, story


def test_a_syndicated_text_is_found_in_the_other_feed(tmp_path: Path) -> None:
    with serving() as site:
        project = Project(tmp_path, [site.url("/one"), site.url("/two")])
        site.answers["/one"] = Answer.feed(rss([story(1, title="Ferry sails", body=f"<p>{WORDS}</p>"), story(2)]))
        copy = story(1, site="https://other.example", title="Boat is back", body=f"<p>HARBOUR (AP) - {WORDS}</p>")
        site.answers["/two"] = Answer.feed(rss([copy]))
        project.run("poll")
        likeness, slug, feed, title = project.run("duplicates", "ferry-sails").stdout.strip().split("\t")
        assert float(likeness) > 0.8
        assert (slug, feed, title) == ("boat-is-back", site.url("/two"), "Boat is back")
        assert "ferry-sails" in project.run("duplicates", "https://x.example/news/boat-is-back").stdout
        assert project.run("duplicates", "story-number-2-of-the-harbour-town").stdout == ""
        assert "no record" in project.run("duplicates", "nothing", status=1).stderr
        changes = project.run("export", "--changes").stdout
        assert '"near_duplicates":[{"slug":"boat-is-back"' in changes
        (tmp_path / "off").mkdir()
        off = Project(tmp_path / "off", [site.url("/one"), site.url("/two")], more='[enrich]\nenabled = ["language"]\n')
        off.run("poll")
        assert off.run("duplicates", "ferry-sails").stdout == ""
