"""Names as a spaCy pipeline finds them that the operator has installed (the extra ``aggregator[nlp]``)."""

import functools
from collections import Counter
from collections.abc import Iterator
from typing import Any

from aggregator.enrich.lexicon import lexicon
from aggregator.enrich.tally import Entity, Tally, key
from aggregator.model import Pipeline

_MOST_TEXT = 20_000  # characters, as with rules
_LONGEST = 80  # characters of a name: more is none
_PERSON, _ORGANISATION, _PLACE, _PRODUCT = "person", "organisation", "place", "product"
_KINDS = {
    **dict.fromkeys(("PERSON", "PER", "persName"), _PERSON),
    **dict.fromkeys(("ORG", "orgName"), _ORGANISATION),
    **dict.fromkeys(("GPE", "LOC", "FAC", "placeName", "geogName"), _PLACE),
    "PRODUCT": _PRODUCT,
}
# What pipelines mark besides that is no name. Any other label is one of whatever kind.
_NO_NAMES = frozenset(
    ("CARDINAL", "DATE", "LANGUAGE", "MONEY", "NORP", "ORDINAL", "PERCENT", "QUANTITY", "TIME", "date", "time")
)


def entities(title: str, text: str, pipeline: Pipeline) -> tuple[Entity, ...]:
    """Return every name that the pipeline finds once, in order of salience, as with rules."""
    nlp, text = _loaded(pipeline), text[:_MOST_TEXT]
    tally, kinds = Tally(lexicon()), dict[str, Counter[str]]()
    for source, is_title in ((text, False), (title, True)):
        for words, label, at in _names(nlp, source):
            kind = _KINDS.get(label)
            tally.add(words, 0.0 if is_title else at, in_title=is_title, is_person=kind == _PERSON)
            if kind is not None:
                kinds.setdefault(key(words), Counter())[kind] += 1
    return tuple(Entity(name, _most(kinds.get(key(name.split())))) for name, _ in tally.ranked())


def _names(nlp: Any, text: str) -> Iterator[tuple[tuple[str, ...], str, float]]:
    for span in nlp(text.encode(errors="replace").decode()).ents:
        words = tuple(span.text.split())
        if words and span.label_ not in _NO_NAMES and len(span.text) <= _LONGEST:
            yield words, span.label_, span.start_char / len(text)


def _most(kinds: Counter[str] | None) -> str | None:
    return kinds.most_common(1)[0][0] if kinds else None


@functools.cache
def _loaded(pipeline: Pipeline) -> Any:
    import spacy  # noqa: PLC0415 - half a second and 100 MB

    return spacy.load(pipeline.path)
