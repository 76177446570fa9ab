"""Topics from a controlled vocabulary: which of its terms an article holds, where, and how often."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from aggregator.enrich.addresses import without_addresses
from aggregator.enrich.vocabulary import STRONG, WORD, Topic, Vocabulary
from aggregator.model import Article

RULES = "rules/3"  # raised when the same vocabulary would give other topics
_MOST_TEXT = 8_000  # characters: what a story is about is said before
_LEAD = 50  # words of the text
_UNSUPPORTED = 0.5  # points that words of everywhere give without a strong term
_OUTWEIGHS = 1.5  # times the best child's score: what is said of the parent itself is no echo of the child


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
    listed, title = ". ".join(categories), article.title
    text = without_addresses((article.text or article.summary)[:_MOST_TEXT])
    return (
        *named,
        *_occurrences(listed, "category", vocabulary),
        *_occurrences(title, "title", vocabulary),
        *_occurrences(text, "body", vocabulary),
    )


def score(found: Sequence[Found], vocabulary: Vocabulary) -> dict[int, float]:
    """Return what topics score, by their number: for each term its weight, the less per occurrence the more there are.

    Of a topic that has strong terms, the others count as much as those that were found, and half a point. One whose
    `requires` is not met scores nothing; a parent has its share of what its children score.
    """
    frequency = _frequencies(found)
    strong: dict[int, float] = {}
    other: dict[int, float] = {}
    for term, often in frequency.items():
        for number, weight in vocabulary.uses.get(term, ()):
            sums = strong if weight >= STRONG else other
            sums[number] = sums.get(number, 0.0) + _points(weight, often, vocabulary)
    for number in vocabulary.guarded(frequency.keys()):
        strong[number], other[number] = _unbarred(vocabulary.topics[number], found, vocabulary)
    scores = {number: _together(number, strong, other, vocabulary) for number in {**strong, **other}}
    shut = [n for n in vocabulary.gated if not _is_open(vocabulary.topics[n], frequency, vocabulary)]
    scores = {number: points for number, points in scores.items() if number not in shut}
    for number in vocabulary.children_first:
        parent = vocabulary.topics[number].parent
        if parent is not None and number in scores:
            scores[parent] = scores.get(parent, 0.0) + vocabulary.scoring.parent_share * scores[number]
    for number in _stated(found, vocabulary) & scores.keys():
        scores[number] = max(scores[number], _least(number, vocabulary))
    return scores


def choose(scores: Mapping[int, float], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the slugs of the topics that score enough, less the parents that only repeat their children.

    Those of the first pack go first, and so on, each pack in the order of the file; then those of no pack by score.
    """
    scoring, stated = vocabulary.scoring, vocabulary.topics
    enough = {number for number, points in scores.items() if points >= _least(number, vocabulary)}
    general = {stated[number].parent for number in enough}
    rivals = enough - general
    about = {number for number in enough if scores[number] >= scoring.relative * _best(number, rivals, scores, stated)}
    if scoring.drop_parent:
        about -= _repeating(about, scores, vocabulary)

    def place(number: int) -> tuple[int, float, int]:
        topic = stated[number]
        return topic.rank, 0.0 if topic.is_ranked else -scores[number], number

    return tuple(stated[number].slug for number in sorted(about, key=place)[: scoring.most])


def _stated(found: Iterable[Found], vocabulary: Vocabulary) -> set[int]:
    """Return the topics that the feed itself files the article under."""
    terms = {each.term for each in found if each.field == "categories"}
    return {number for term in terms for number, _ in vocabulary.uses.get(term, ())}


def _least(number: int, vocabulary: Vocabulary) -> float:
    """Return what a topic has to score: passing words speak for "business" sooner than for "banking"."""
    scoring = vocabulary.scoring
    return max(scoring.threshold, scoring.general if number in vocabulary.general else 0.0)


def _best(number: int, rivals: AbstractSet[int], scores: Mapping[int, float], stated: Sequence[Topic]) -> float:
    """Return the best score that a topic is compared with: of its pack's, or of all where it is of none."""
    own = stated[number]
    return max((scores[each] for each in rivals if not own.is_ranked or stated[each].rank == own.rank), default=0.0)


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


def _unbarred(topic: Topic, found: Sequence[Found], vocabulary: Vocabulary) -> tuple[float, float]:
    """Return the points of the strong terms and of the others, less what lies within a term of its `never`."""
    strong = other = 0.0
    for each in explain(topic, found, vocabulary):
        if topic.terms[vocabulary.numbers[each.term]] >= STRONG:
            strong += each.points
        else:
            other += each.points
    return strong, other


def _together(number: int, strong: Mapping[int, float], other: Mapping[int, float], vocabulary: Vocabulary) -> float:
    """Return the sum, of which words such as "game" and "record" make no more than what says what they are about."""
    certain, rest = strong.get(number, 0.0), other.get(number, 0.0)
    return certain + (min(rest, certain + _UNSUPPORTED) if number in vocabulary.anchored else rest)


def _repeating(about: AbstractSet[int], scores: Mapping[int, float], vocabulary: Vocabulary) -> set[int]:
    """Return the parents of what was chosen, less those that the text says much more of than of any child."""
    topics, share = vocabulary.topics, vocabulary.scoring.parent_share
    children: dict[int, list[int]] = {}
    for number in scores:
        parent = topics[number].parent
        if parent is not None:
            children.setdefault(parent, []).append(number)
    repeating = set()
    for parent in about & children.keys():
        chosen = [scores[child] for child in children[parent] if child in about]
        own = scores[parent] - share * sum(scores[child] for child in children[parent])
        if chosen and (topics[parent].is_ranked or own < _OUTWEIGHS * max(chosen)):
            repeating.add(parent)
    return repeating


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
