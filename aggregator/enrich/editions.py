"""Who finds what today: rules and models with their versions, and the editions of the data that they go by."""

import functools
from collections.abc import Iterable, Mapping
from pathlib import Path

from aggregator.enrich import entities, language, summary, topics
from aggregator.model import Pipeline
from aggregator.shipped import edition, shipped

FIELDS = {
    "language": "lang",
    "summary": "summary",
    "topics": "topics",
    "entities": "entities",
}  # of a record

_ANY_LANGUAGE = "xx"


@functools.cache
def sources(vocabulary: Path | None, pipeline: Pipeline | None) -> Mapping[str, str]:
    """Return by field who would find it out today: "rules/2+1f2e3d4c", "model/1", "spacy:en_core_web_sm/3.8.0".

    What follows the plus sign is the edition of the data: of the vocabulary, the lists of names, the boilerplate.
    """
    names = edition(shipped("entities.toml"), shipped("english-words.txt"))
    return {
        "lang": language.MODEL,
        "summary": f"{summary.RULES}+{edition(shipped('boilerplate.toml'))}",
        "topics": f"{topics.RULES}+{edition(vocabulary or shipped('topics.toml'))}",
        "entities": f"{entities.RULES}+{names}" if pipeline is None else f"spacy:{pipeline.name}/{pipeline.version}",
    }


def pipeline_for(lang: str | None, pipelines: Iterable[Pipeline]) -> Pipeline | None:
    """Return the pipeline for a language, or the one for all of them; None leaves it to the rules."""
    primary = (lang or "").partition("-")[0]
    by_language = {pipeline.lang: pipeline for pipeline in pipelines}
    return by_language.get(primary) or by_language.get(_ANY_LANGUAGE)
