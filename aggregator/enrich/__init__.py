"""What is found out about an article: language, summary, topics, entities. Offline, pure, one file each."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from aggregator.enrich import entities as names
from aggregator.enrich import topics as subjects
from aggregator.enrich.categories import as_slugs
from aggregator.enrich.editions import pipeline_for, sources
from aggregator.enrich.language import detect, normalise_tag
from aggregator.enrich.summary import own_summary, summarise
from aggregator.enrich.tally import Entity
from aggregator.enrich.vocabulary import read
from aggregator.model import Article, Enrichment, Pipeline
from aggregator.shipped import shipped

__all__ = ["enrich"]


def enrich(
    article: Article,
    *,
    language: str | None,
    categories: tuple[str, ...],
    enabled: AbstractSet[str],
    tags: tuple[str, ...] = (),
    vocabulary: Path | None = None,
    pipelines: Sequence[Pipeline] = (),
) -> Enrichment:
    """Return what the enrichers named in ``enabled`` find; the others pass on what the feed said.

    ``language`` is the feed's own tag for the entry, ``categories`` are as the feed wrote them; ``tags``, which the
    operator's rules gave, are topics in any case. Topics are those of the file ``vocabulary``, or of the shipped one.
    Entities are found by the one of ``pipelines`` that is for the language, or by rules.
    ``provenance`` says for each field who found it, or that nothing is there to find, as ``editions.sources`` has it;
    "feed" is said of values alone.
    """
    if "language" in enabled:
        lang, lang_from = detect(article, hint=language)
    else:
        lang, lang_from = normalise_tag(language), "feed"
    summary, summary_from = summarise(article) if "summary" in enabled else (own_summary(article), "feed")
    found = _topics(article, categories, lang, vocabulary) if "topics" in enabled else as_slugs(categories)
    topics = tuple(dict.fromkeys((*as_slugs(tags), *found)))
    pipeline = pipeline_for(lang, pipelines)
    named = _entities(article, lang, pipeline) if "entities" in enabled else ()
    finders = sources(vocabulary, pipeline)
    said = {
        "lang": (lang, lang_from),
        "summary": (summary, "feed" if summary_from == "feed" else finders["summary"]),
        "topics": (topics, finders["topics"] if "topics" in enabled else "feed"),
        "entities": (named, finders["entities"] if "entities" in enabled else "feed"),
    }
    return Enrichment(
        lang=lang,
        summary=summary,
        topics=topics,
        entities=tuple(entity.name for entity in named),
        kinds={entity.name: entity.kind for entity in named if entity.kind},
        provenance={field: source for field, (value, source) in said.items() if value or source != "feed"},
    )


def _topics(
    article: Article, categories: tuple[str, ...], language: str | None, vocabulary: Path | None
) -> tuple[str, ...]:
    return subjects.topics(article, categories, read(vocabulary or shipped("topics.toml")), language=language)


def _entities(article: Article, language: str | None, pipeline: Pipeline | None) -> tuple[Entity, ...]:
    text = article.text or article.summary
    if pipeline is None:
        return names.entities(article.title, text, language)
    # Loaded where there is a pipeline: few have one.
    from aggregator.enrich.spacy import entities  # noqa: PLC0415

    return entities(article.title, text, pipeline)
