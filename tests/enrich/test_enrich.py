"""The enrichers together, and topics."""

import pytest

from aggregator.enrich import enrich
from aggregator.enrich.topics import from_categories
from aggregator.model import Article

OWN = "The harbour ferry is back on Monday after eleven weeks of repairs in dry dock."
TEXT = "Die Hafenfähre fährt ab Montag wieder, nach Reparaturen, die elf Wochen gedauert haben. Alle freuen sich."
ALL = frozenset({"language", "summary"})


def article(summary: str = "") -> Article:
    return Article(title="Ferry", body_md=TEXT, text=TEXT, summary=summary)


def test_everything_found_says_where_it_is_from() -> None:
    found = enrich(article(), language="en", categories=("Harbour News",), enabled=ALL)
    assert (found.lang, found.summary, found.topics, found.entities) == ("de", TEXT, ("harbour-news",), ())
    assert found.provenance == {"lang": "detector", "summary": "lead", "topics": "feed"}


def test_what_is_off_passes_on_what_the_feed_said() -> None:
    found = enrich(article(OWN), language="en-us", categories=(), enabled=frozenset())
    assert (found.lang, found.summary) == ("en", OWN)
    assert found.provenance == {"lang": "feed", "summary": "feed"}


def test_what_nobody_said_has_no_provenance() -> None:
    found = enrich(article(), language=None, categories=(), enabled=frozenset())
    assert (found.lang, found.summary, found.topics) == (None, "", ())
    assert not found.provenance


@pytest.mark.parametrize(
    ("categories", "topics"),
    [
        (("AI & Society", "ai-society", "Privacy"), ("ai-society", "privacy")),
        (("Uncategorized", "https://news.example/tag", "", "…"), ()),
        (("Политика", "Économie"), ("politika", "economie")),
        (tuple(f"tag {number}" for number in range(20)), tuple(f"tag-{number}" for number in range(12))),
    ],
)
def test_categories_are_topics_as_slugs(categories: tuple[str, ...], topics: tuple[str, ...]) -> None:
    assert from_categories(categories) == topics
