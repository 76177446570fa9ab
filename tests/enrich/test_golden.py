"""The golden record's topics and entities, and those of stories like it: nothing is made for that one alone."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.enrich import enrich
from aggregator.model import Enrichment, ParsedFeed
from aggregator.normalize.article import normalize
from aggregator.parse import parse
from aggregator.settings.checks import ENRICHERS
from aggregator.shipped import shipped

GOLDEN = Path(__file__).parents[2] / "../shared/golden"
TOPICS = ("ai-agents", "ai-safety", "ai-ethics", "ai-research")

pytestmark = pytest.mark.skipif(not GOLDEN.exists(), reason="../shared/golden is not beside this checkout")


def found(*renamed: tuple[str, str], vocabulary: Path | None = None) -> Enrichment:
    """Enrich the golden entry, with other words in it."""
    document = (GOLDEN / "slashdot.rdf").read_text()
    for old, new in renamed:
        assert old in document
        document = document.replace(old, new)
    feed = parse(document.encode(), url="https://x.example/", content_type=None, now=datetime(2026, 6, 25, tzinfo=UTC))
    assert isinstance(feed, ParsedFeed)
    (entry,) = feed.entries
    return enrich(
        normalize(entry),
        language=feed.language,
        categories=entry.categories,
        enabled=frozenset(ENRICHERS),
        vocabulary=vocabulary,
    )


def test_the_golden_record_has_its_topics_and_entities_in_order() -> None:
    golden = found()
    assert golden.topics == TOPICS
    assert golden.entities == ("Meta", "Model Compatibility Initiative", "Wired", "Stephane Kasriel")
    assert golden.kinds["Stephane Kasriel"] == "person"
    assert golden.lang == "en"


def test_another_company_and_another_reporter() -> None:
    """The company is in no list, and a plain word by its letters."""
    other = found(("Meta", "Umbra"), ("Wired", "Gizmonaut"), ("WIRED", "Gizmonaut"), ("Kasriel", "Okonkwo"))
    assert other.topics == TOPICS
    assert other.entities == ("Umbra", "Model Compatibility Initiative", "Gizmonaut", "Stephane Okonkwo")


def test_another_programme_under_other_initials() -> None:
    other = found(("Model Compatibility Initiative", "Desktop Insight Programme"), ("MCI", "DIP"))
    assert other.topics == TOPICS
    assert other.entities == ("Meta", "Desktop Insight Programme", "Wired", "Stephane Kasriel")


def test_another_headline_changes_neither() -> None:
    other = found(
        (
            "Meta Pauses Employee-Tracking Program Following Internal Data Leak",
            "Employee tracking paused at Meta after an internal data leak",
        )
    )
    assert set(other.topics) == set(TOPICS)
    assert other.entities == ("Meta", "Model Compatibility Initiative", "Wired", "Stephane Kasriel")


@pytest.mark.parametrize("most", [1, 2, 3])
def test_fewer_topics_are_the_first_of_them(most: int, tmp_path: Path) -> None:
    assert found(vocabulary=vocabulary(tmp_path, most=most)).topics == TOPICS[:most]


def test_more_topics_go_on_with_those_of_no_pack(tmp_path: Path) -> None:
    more = found(vocabulary=vocabulary(tmp_path, most=6)).topics
    assert more[:4] == TOPICS
    assert "privacy" in more[4:]


def test_a_story_without_artificial_intelligence_has_other_topics() -> None:
    """The same leak and the same tracking, of people who pack boxes."""
    plain = found(("AI agents", "new colleagues"), ("AI systems", "machines"), ("AI research", "logistics"),
                  ("artificial intelligence", "company"))  # fmt: skip
    assert not [topic for topic in plain.topics if topic.startswith("ai-")]
    assert "privacy" in plain.topics


def vocabulary(folder: Path, *, most: int) -> Path:
    path = folder / "topics.toml"
    path.write_text(re.sub(r"(?m)^most = .*$", f"most = {most}", shipped("topics.toml").read_text()))
    return path
