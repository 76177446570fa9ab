"""The vocabulary of topics, tried out."""

from pathlib import Path

from tests.e2e.project import Project
from tests.e2e.site import Answer, item, rss, serving
from tests.enrich.test_topics import SCORING

VOCABULARY = f"""
[vocabulary]
id = "harbour"
{SCORING}
[[topic]]
slug = "ferries"
strong = ["ferry"]
terms = ["car deck"]
[[topic]]
slug = "weather"
strong = ["storm*"]
terms = ["and"]
categories = ["Wind"]
"""
ITEMS = [
    item("https://x.example/1", title="The ferry and the quay", body="A ferry and its storms.", guid="1"),
    item("https://x.example/2", title="Bread and butter", body="With jam and tea.", guid="2"),
]


def test_a_vocabulary_is_tried_on_texts_and_records(tmp_path: Path) -> None:
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(*ITEMS))
        project = Project(tmp_path, [site.url("/a")])
        (tmp_path / "mine.toml").write_text(VOCABULARY)
        project.config.write_text(f'{project.config.read_text()}\n[enrich]\ntopics = "mine.toml"\n')
        project.run("poll")
    assert [record["topics"] for record in project.records()] == [["weather", "ferries"], []]
    shown = project.run("topics", "test", "the-ferry-and-the-quay").stdout.splitlines()
    assert shown == [
        "chosen\tweather\t2.5\tstorm* 1.7, and 0.8",
        "chosen\tferries\t2.3\tferry 2.3",
        "topics: weather, ferries",
    ]
    text = tmp_path / "draft.txt"
    text.write_text("A storm is coming\nIt will be here at noon.")
    assert project.run("topics", "test", str(text)).stdout.splitlines()[-1] == "topics: weather"
    assert project.run("topics", "lint").stdout.splitlines() == [
        "everywhere\tferries\tferry\t1",
        "never\tferries\tcar deck\t0",
        "everywhere\tweather\tstorm*\t1",
        "everywhere\tweather\tand\t2",
        "never\tweather\tcategory: wind\t0",
        "2 records, 5 terms: 5 of no use",
    ]


def test_what_is_neither_file_nor_record_is_said_so(tmp_path: Path) -> None:
    project = Project(tmp_path, [])
    project.run("poll")
    failed = project.run("topics", "test", "nowhere", status=1)
    assert "no record has the slug 'nowhere'" in failed.stderr
