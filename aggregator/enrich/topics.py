"""Topics from a controlled vocabulary: which of its terms an article holds, where, and how often."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from aggregator.enrich.vocabulary import WORD, Topic, Vocabulary
from aggregator.model import Article

RULES = "rules/1"  # raised when the same vocabulary would give other topics
_MOST_TEXT = 8_000  # characters: what a story is about is said before
_LEAD = 50  # words of the text


class Found(NamedTuple):
    """A term in one of an article's texts."""

    term: int
    field: str
    at: int  # words before it
    length: int  # words
    weight: float  # of an occurrence there


class Points(NamedTuple):
    """What one term gave a topic."""

    term: str
    frequency: float  # occurrences, each as much as its field weighs
    points: float


def topics(
    article: Article, categories: Sequence[str], vocabulary: Vocabulary, *, language: str | None
) -> tuple[str, ...]:
    """Return the slugs of what an article is about, in order, at most as many as the vocabulary says."""
    found = find(article, categories, vocabulary, language=language)
    return choose(score(found, vocabulary), vocabulary)


def find(
    article: Article, categories: Sequence[str], vocabulary: Vocabulary, *, language: str | None
) -> tuple[Found, ...]:
    """Return the vocabulary's terms in an article and its categories.

    In a language that is not the vocabulary's, only categories are looked at, and as a whole.
    """
    weights = vocabulary.scoring.field_weights
    terms = (vocabulary.categories.get(category.casefold()) for category in categories)
    named = [Found(term, "categories", 0, 0, weights["category"]) for term in terms if term is not None]
    if language and vocabulary.languages and language.partition("-")[0] not in vocabulary.languages:
        return tuple(named)
    listed, title, text = ". ".join(categories), article.title, article.text or article.summary
    return (
        *named,
        *_occurrences(listed, "category", vocabulary),
        *_occurrences(title, "title", vocabulary),
        *_occurrences(text[:_MOST_TEXT], "body", vocabulary),
    )


def score(found: Sequence[Found], vocabulary: Vocabulary) -> dict[int, float]:
    """Return what topics score, by their number: for each term its weight, the less per occurrence the more there are.

    A topic whose `requires` is not met scores nothing; a parent has its share of what its children score.
    """
    frequency = _frequencies(found)
    scores: dict[int, float] = {}
    for term, often in frequency.items():
        for number, weight in vocabulary.uses.get(term, ()):
            scores[number] = scores.get(number, 0.0) + _points(weight, often, vocabulary)
    for number in vocabulary.guarded(frequency.keys()):
        topic = vocabulary.topics[number]
        scores[number] = sum(each.points for each in explain(topic, found, vocabulary))
    for number in vocabulary.gated:
        if number in scores and not _is_open(vocabulary.topics[number], frequency, vocabulary):
            del scores[number]
    for number in vocabulary.children_first:
        parent = vocabulary.topics[number].parent
        if parent is not None and number in scores:
            scores[parent] = scores.get(parent, 0.0) + vocabulary.scoring.parent_share * scores[number]
    return scores


def choose(scores: Mapping[int, float], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the slugs of the topics that score enough and are no parent of another.

    Those of the first pack go first, and so on, each pack in the order of the file; then those of no pack by score.
    """
    scoring, stated = vocabulary.scoring, vocabulary.topics
    enough = {number for number, points in scores.items() if points >= scoring.threshold}
    general = {stated[number].parent for number in enough}
    least = scoring.relative * max((scores[number] for number in enough - general), default=0.0)
    about = {number for number in enough if scores[number] >= least}
    if scoring.drop_parent:
        about -= {stated[number].parent for number in about}

    def place(number: int) -> tuple[int, float, int]:
        topic = stated[number]
        return topic.rank, 0.0 if topic.is_ranked else -scores[number], number

    return tuple(stated[number].slug for number in sorted(about, key=place)[: scoring.most])


def explain(topic: Topic, found: Sequence[Found], vocabulary: Vocabulary) -> tuple[Points, ...]:
    """Return what each term gave the topic, most first, less what lies within a term of its `never`."""
    barred = {
        (each.field, at) for each in found if each.term in topic.never for at in range(each.at, each.at + each.length)
    }
    frequency = _frequencies(each for each in found if each.term in topic.terms and (each.field, each.at) not in barred)
    points = (
        Points(vocabulary.terms[term], often, _points(topic.terms[term], often, vocabulary))
        for term, often in frequency.items()
    )
    return tuple(sorted(points, key=lambda each: -each.points))


def _occurrences(text: str, field: str, vocabulary: Vocabulary) -> Iterator[Found]:
    words = WORD.findall(text)
    lower = " ".join(words).lower().split(" ")
    weights = vocabulary.scoring.field_weights
    for at, (beginnings, after) in enumerate(zip(map(vocabulary.ways, lower), (*lower[1:], ""), strict=True)):
        for way in beginnings:
            if not after.startswith(way.second):  # most end here
                continue
            length = way.length(lower, words, at)
            if length:
                weight = weights["lead" if field == "body" and at < _LEAD else field]
                yield Found(way.term, field, at, length, weight)


def _frequencies(found: Iterable[Found]) -> dict[int, float]:
    frequency: dict[int, float] = {}
    for term, _, _, _, weight in found:
        frequency[term] = frequency.get(term, 0.0) + weight
    return frequency


def _points(weight: float, often: float, vocabulary: Vocabulary) -> float:
    return weight * often / (often + vocabulary.scoring.saturation)


def _is_open(topic: Topic, frequency: Mapping[int, float], vocabulary: Vocabulary) -> bool:
    return sum(frequency.get(term, 0.0) for term in topic.needs) >= vocabulary.scoring.gate
