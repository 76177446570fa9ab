"""The enrichers together."""

import pytest

from aggregator.enrich import enrich
from aggregator.enrich.categories import as_slugs
from aggregator.enrich.editions import sources
from aggregator.model import Article
from aggregator.settings.checks import ENRICHERS

OWN = "The harbour ferry is back on Monday after eleven weeks of repairs in dry dock."
TEXT = "Die Hafenfähre fährt ab Montag wieder, nach Reparaturen, die elf Wochen gedauert haben. Alle freuen sich."
ALL = frozenset(ENRICHERS)


def article(summary: str = "", text: str = TEXT) -> Article:
    return Article(title="Ferry", body_md=text, text=text, summary=summary)


def test_everything_found_says_where_it_is_from() -> None:
    text = "The European Central Bank raised interest rates, and inflation fell. Ann Otter of the bank agreed."
    found = enrich(article(text=text), language="en", categories=("Harbour News",), enabled=ALL)
    assert (found.lang, found.summary, found.topics[0]) == ("en", text, "economy")
    assert found.entities == ("European Central Bank", "Ann Otter")
    assert found.kinds == {"European Central Bank": "organisation", "Ann Otter": "person"}
    assert {field: source.partition("+")[0] for field, source in found.provenance.items()} == {
        "lang": "model/1",
        "summary": "rules/1",
        "topics": "rules/3",
        "entities": "rules/3",
    }
    assert found.provenance == sources(None, None), "with the edition of the words that they go by"


def test_what_is_off_passes_on_what_the_feed_said() -> None:
    found = enrich(article(OWN), language="en-us", categories=("Harbour News",), enabled=frozenset())
    assert (found.lang, found.summary, found.topics, found.entities) == ("en", OWN, ("harbour-news",), ())
    assert found.provenance == {"lang": "feed", "summary": "feed", "topics": "feed"}


def test_what_nobody_said_has_no_provenance() -> None:
    found = enrich(article(), language=None, categories=(), enabled=frozenset())
    assert (found.lang, found.summary, found.topics) == (None, "", ())
    assert not found.provenance


def test_a_category_that_the_vocabulary_does_not_have_is_no_topic_and_an_operators_tag_is() -> None:
    found = enrich(article(), language="de", categories=("Harbour News", "Politik"), tags=("Our Town",), enabled=ALL)
    assert found.topics == ("our-town", "politics")


@pytest.mark.parametrize(
    ("categories", "topics"),
    [
        (("AI & Society", "ai-society", "Privacy"), ("ai-society", "privacy")),
        (("Uncategorized", "https://news.example/tag", "", "…"), ()),
        (("Политика", "Économie"), ("politika", "economie")),
        (tuple(f"tag {number}" for number in range(20)), tuple(f"tag-{number}" for number in range(12))),
    ],
)
def test_categories_as_slugs(categories: tuple[str, ...], topics: tuple[str, ...]) -> None:
    assert as_slugs(categories) == topics
