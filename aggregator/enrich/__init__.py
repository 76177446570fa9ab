"""What is found out about an article: language, summary, topics, entities. Offline, pure, one file each."""

from collections.abc import Set as AbstractSet

from aggregator.enrich.language import detect, normalise_tag
from aggregator.enrich.summary import own_summary, summarise
from aggregator.enrich.topics import from_categories
from aggregator.model import Article, Enrichment

__all__ = ["enrich"]


def enrich(
    article: Article, *, language: str | None, categories: tuple[str, ...], enabled: AbstractSet[str]
) -> Enrichment:
    """Return what the enrichers named in ``enabled`` find; the others pass on what the feed said.

    ``language`` is the feed's own tag for the entry, ``categories`` are as the feed wrote them. ``provenance`` says for
    each field with a value where it is from: "feed", "detector", "lead".
    """
    if "language" in enabled:
        lang, lang_from = detect(article, hint=language)
    else:
        lang, lang_from = normalise_tag(language), "feed"
    summary, summary_from = summarise(article) if "summary" in enabled else (own_summary(article), "feed")
    topics = from_categories(categories)
    said = {"lang": (lang, lang_from), "summary": (summary, summary_from), "topics": (topics, "feed")}
    provenance = {field: source for field, (value, source) in said.items() if value}
    return Enrichment(lang=lang, summary=summary, topics=topics, entities=(), provenance=provenance)
