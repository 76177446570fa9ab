"""``aggregator prune`` at a prompt, and what the daemon does by itself."""

from pathlib import Path

from tests.e2e.project import Project
from tests.e2e.site import Answer, item, rss, serving
from tests.e2e.test_daemon import stop, until


def test_pruning_is_previewed_and_then_done_and_what_went_stays_away(tmp_path: Path) -> None:
    """ID-23: though the feed still carries it, and changes; the daemon prunes when it starts."""
    stories = [item(f"https://x.example/{n}", title=f"Story number {n}", guid=f"g{n}") for n in range(5)]
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(*stories))
        project = Project(tmp_path, [site.url("/a")])
        project.run("poll")
        assert "everything is kept" in project.run("prune").stdout
        keep = ["--keep", "2 per feed"]
        assert "3 records would be deleted" in project.run("prune", "--dry-run", *keep).stdout
        assert len(project.records()) == 5
        assert project.run("prune", *keep).stdout == "3 records deleted\n"
        assert len(project.records()) == 2
        assert "per feed" in project.run("prune", "--keep", "some", status=64).stderr
        new = item("https://x.example/new", title="A new one", guid="new")
        site.answers["/a"] = Answer.feed(rss(new, *(story.replace("happened", "was so") for story in stories)))
        assert "1 new, 2 updated" in project.run("poll", "--force").stdout
        assert "0 problems" in project.run("doctor").stdout
        project.config.write_text(project.config.read_text().replace("[store]", '[store]\nkeep = "1 per feed"'))
        with project.start() as daemon:
            until(lambda: any(line["event"] == "pruned" and line["records"] == 2 for line in project.log()))
            assert stop(daemon) == 0
    assert [record["title"] for record in project.records()] == ["A new one"]
