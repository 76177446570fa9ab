"""The shape of a vocabulary of topics (``config/topics.toml``), and what is wrong with one."""

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from aggregator.settings.document import Document
from aggregator.settings.explain import validated
from aggregator.settings.positions import KeyPath
from aggregator.settings.problems import Problem, nearest
from aggregator.settings.section import Section
from aggregator.settings.values import quoted

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TERM = re.compile(r"@\S+|=?[^*=@]*\w[^*=@]*\*?")


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError(f"expected lower-case words joined by hyphens, got {quoted(value)}")
    return value


def _term(value: str) -> str:
    if not _TERM.fullmatch(value) or value.startswith("#"):
        raise ValueError(f'expected a word or phrase such as "hack*", "=AI" or "@gate", got {quoted(value)}')
    return value


Slug = Annotated[StrictStr, AfterValidator(_slug)]
Term = Annotated[StrictStr, AfterValidator(_term)]
Part = Annotated[StrictFloat | StrictInt, Field(ge=0, le=1)]
Number = Annotated[StrictFloat | StrictInt, Field(ge=0, le=1000)]


class FieldWeights(Section):
    """What an occurrence counts, by where it is."""

    title: Number
    category: Number
    lead: Number
    body: Number


class ScoringSettings(Section):
    """``[scoring]``."""

    field_weights: FieldWeights
    saturation: Number
    threshold: Number
    general: Number = 0
    relative: Part
    most: Annotated[StrictInt, Field(ge=1, le=100)]
    parent_share: Part
    drop_parent: StrictBool
    gate: Number


class AboutVocabulary(Section):
    """``[vocabulary]``."""

    id: StrictStr
    version: StrictInt = 1
    lang: tuple[StrictStr, ...] = ()
    packs: tuple[StrictStr, ...] = ()


class TopicSettings(Section):
    """One ``[[topic]]``."""

    slug: Slug
    title: StrictStr | None = None
    iptc: StrictStr | None = None
    pack: StrictStr | None = None
    parent: StrictStr | None = None
    requires: tuple[Term, ...] = ()
    strong: tuple[Term, ...] = ()
    terms: tuple[Term, ...] = ()
    weak: tuple[Term, ...] = ()
    never: tuple[Term, ...] = ()
    categories: tuple[StrictStr, ...] = ()


class TopicsFile(Section):
    """The whole file."""

    vocabulary: AboutVocabulary
    scoring: ScoringSettings
    gates: dict[str, tuple[Term, ...]] = Field(default={})
    topic: tuple[TopicSettings, ...]


def vocabulary_problems(document: Document) -> tuple[Problem, ...]:
    """Return every problem of a vocabulary of topics, top to bottom."""
    file, problems = validated(document, TopicsFile, None)
    if file is None:
        return problems
    return tuple(document.problem(path, message) for path, message in _disagreements(file))


def _disagreements(file: TopicsFile) -> Iterator[tuple[KeyPath, str]]:
    slugs = [topic.slug for topic in file.topic]
    parents = {topic.slug: topic.parent for topic in file.topic}
    packs = {topic.pack for topic in file.topic if topic.pack}
    for number, pack in enumerate(file.vocabulary.packs):
        if pack not in packs:
            yield ("vocabulary", "packs", number), f"no topic is of the pack {quoted(pack)}{nearest(pack, packs)}"
    for number, topic in enumerate(file.topic):
        if topic.slug in slugs[:number]:
            yield ("topic", number, "slug"), f"{quoted(topic.slug)} is there twice"
        if topic.parent is not None and topic.parent not in parents:
            yield ("topic", number, "parent"), f"no topic {quoted(topic.parent)}{nearest(topic.parent, slugs)}"
        elif _descends(topic.slug, parents):
            yield ("topic", number, "parent"), f"{quoted(topic.slug)} would be its own ancestor"
        yield from _unknown_gates(file, number, topic)


def _unknown_gates(file: TopicsFile, number: int, topic: TopicSettings) -> Iterator[tuple[KeyPath, str]]:
    for key in ("requires", "strong", "terms", "weak", "never"):
        for place, term in enumerate(getattr(topic, key)):
            if term.startswith("@") and term[1:] not in file.gates:
                yield ("topic", number, key, place), f"no gate {quoted(term[1:])}{nearest(term[1:], file.gates)}"


def _descends(slug: str, parents: dict[str, str | None]) -> bool:
    above, seen = parents[slug], {slug}
    while above is not None and above not in seen:
        seen.add(above)
        above = parents.get(above)
    return above == slug
