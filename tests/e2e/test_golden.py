"""The record that the aggregator exists to produce."""

import json
import re
from pathlib import Path

import pytest

from tests.e2e.project import Project
from tests.e2e.site import Answer, serving

GOLDEN = Path(__file__).parents[2] / "../shared/golden"
SAME = ("slug", "title", "url", "canonical_source", "published_at", "lang", "topics", "entities", "alternates")


def words(markdown: str) -> list[str]:
    """Return the words and link targets of a Markdown text, in order."""
    return re.findall(r"https?://[^)\s]+|[\w'-]+", markdown)


@pytest.mark.skipif(not GOLDEN.exists(), reason="the golden record is not beside this checkout (../shared/golden)")
def test_slashdots_feed_gives_the_golden_record(tmp_path: Path) -> None:
    """Polled and exported by the command line; the summary is an enrichment of the same kind."""
    golden = json.loads((GOLDEN / "record.json").read_text())
    with serving() as site:
        document = (GOLDEN / "slashdot.rdf").read_bytes()
        site.answers["/rss"] = Answer(body=document, headers={"Content-Type": "text/xml"})
        project = Project(tmp_path, [site.url("/rss")])
        project.run("poll")
    (record,) = project.records()
    assert list(record) == list(golden)
    assert {key: record[key] for key in SAME} == {key: golden[key] for key in SAME}
    assert words(record["body_md"]) == words(golden["body_md"])
    assert record["body_md"].count("\n\n") == 3
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?\+00:00", record["updated_at"])
    assert 60 <= len(record["summary"]) <= 500
    assert record["summary"].endswith(".")
    assert "Read more" not in record["summary"]
