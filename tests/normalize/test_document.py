"""A whole document, from bytes to what its record will say."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.enrich import enrich
from aggregator.model import Article, Enrichment, Identity, ParsedFeed
from aggregator.normalize.article import normalize
from aggregator.normalize.identity import identify
from aggregator.normalize.slug import slugify
from aggregator.parse import parse

DOCUMENT = Path(__file__).parent / "documents/share-box.rdf"
GOLDEN = Path(__file__).parents[2] / "../shared/golden"
STORY = "https://harbour.example/story/1/ferry-crew-halts-self-steering"


def read(path: Path) -> tuple[Identity, Article, Enrichment]:
    now = datetime(2026, 7, 1, tzinfo=UTC)
    feed = parse(path.read_bytes(), url="https://harbour.example/rss", content_type=None, now=now)
    assert isinstance(feed, ParsedFeed)
    (identity,), _ = identify(feed.entries, feed_url="https://harbour.example/rss", home=feed.link, link_identity=False)
    assert identity is not None
    article = normalize(feed.entries[0])
    enabled = frozenset({"language", "summary"})
    found = enrich(article, language=feed.language, categories=feed.entries[0].categories, enabled=enabled)
    return identity, article, found


def test_a_story_with_share_buttons_and_a_closing_link_comes_out_clean() -> None:
    identity, article, found = read(DOCUMENT)
    assert identity.canonical_source == f"{STORY}?utm_source=rss1.0mainlinkanon&utm_medium=feed"
    assert identity.match_key == STORY.removeprefix("https://")
    assert article.title == "Ferry Crew Halts Self-Steering Trial"
    assert slugify(article.title, identity.match_key) == "ferry-crew-halts-self-steering-trial"
    paragraphs = article.body_md.split("\n\n")
    assert [paragraph[:10] for paragraph in paragraphs] == ["The harbou", "On Monday ", "[Read more"]
    assert "some buoy-derived data had reached the wrong computer -- and that nobody" in paragraphs[1]
    link = f"{STORY}?utm_source=rss1.0moreanon&utm_medium=feed"
    assert paragraphs[2] == f"[Read more of this story]({link}) at Harbour News."
    assert (found.lang, found.topics) == ("en", ("boats",))
    assert found.summary.startswith("The harbour ferry has ended its self-steering trial, after the boat went round")
    assert found.summary.endswith(".")
    assert len(found.summary) <= 500


@pytest.mark.skipif(not GOLDEN.exists(), reason="the golden record is not beside this checkout (../shared/golden)")
def test_the_golden_document_gives_the_golden_record() -> None:
    golden = json.loads((GOLDEN / "record.json").read_text(encoding="utf-8"))
    identity, article, found = read(GOLDEN / "slashdot.rdf")
    assert identity.canonical_source == golden["canonical_source"]
    assert article.title == golden["title"]
    assert slugify(article.title, identity.match_key) == golden["slug"]
    assert "".join(article.body_md.split()) == "".join(golden["body_md"].split())
    assert found.lang == golden["lang"]
    assert 60 <= len(found.summary) <= 500
    assert "Read more" not in found.summary
