"""Whether the vocabulary finds the class that a corpus of news gives each story."""

import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from aggregator.enrich.topics import choose, find, score
from aggregator.enrich.vocabulary import Vocabulary, read
from aggregator.shipped import shipped
from bench.quality_gold import Row, article, lines

# Slug -> class, for it and what is below it; None where a corpus has the topic in several of its classes.
_AG: Mapping[str, str | None] = {
    "sports": "Sports", "business": "Business", "technology": "Sci/Tech", "science": "Sci/Tech", "gaming": "Sci/Tech",
    "environment": "Sci/Tech", "privacy": "Sci/Tech", "politics": "World", "weather": "World", "religion": "World",
    "society": "World", "regulation": None, "health": None, "entertainment": None, "lifestyle": None, "education": None,
}  # fmt: skip
_MASAKHA: Mapping[str, str | None] = {
    "sports": "sports", "business": "business", "technology": "technology", "science": "technology",
    "politics": "politics", "health": "health", "entertainment": "entertainment", "religion": "religion",
    "society": "politics", "cryptocurrency": "technology", "regulation": None, "education": None, "lifestyle": None,
    "weather": None, "environment": None,
}  # fmt: skip
_GOAL = 0.8
_MEASURES = (("points", "class with most points", _GOAL), ("first", "class of the first topic", 0.0))
_SETS = (
    ("AG News, title and text", "topics-gold/ag-news-sample.jsonl", _AG, "World"),
    ("MasakhaNEWS English", "topics-gold/masakhanews-eng.jsonl", _MASAKHA, "politics"),
)


def topic_rows() -> Iterator[Row]:
    """Yield the accuracy of the class with most points, and of that of the record's first topic."""
    vocabulary = read(shipped("topics.toml"))
    for name, path, classes, usual in _SETS:
        stories = lines(path)
        if not stories:
            continue
        right: Counter[str] = Counter()
        for story in stories:
            title, text = (html.unescape(story[key]).replace(" #39;", "'") for key in ("headline", "text"))
            found = find(article(title, text), (), vocabulary, language="en")
            points = score(found, vocabulary)
            right["points"] += _most(points, vocabulary, classes, usual) == story["category"]
            first = choose(points, vocabulary)[:1]
            right["first"] += _class_of(first, vocabulary, classes) == story["category"]
        for kind, what, goal in _MEASURES:
            share = right[kind] / len(stories)
            yield Row(
                what=f"topics, {what}",
                set=name,
                items=len(stories),
                figure=f"{share:.3f}",
                goal=f"≥ {goal:.2f}" if goal else "",
                met=share >= goal,
            )


def _most(
    points: Mapping[int, float], vocabulary: Vocabulary, classes: Mapping[str, str | None], usual: str
) -> str | None:
    sums: Counter[str | None] = Counter()
    share = vocabulary.scoring.parent_share
    for number, scored in points.items():
        children = (points.get(child, 0.0) for child, topic in enumerate(vocabulary.topics) if topic.parent == number)
        sums[_class(number, vocabulary, classes)] += scored - share * sum(children)  # type: ignore[assignment]
    del sums[None]
    return max(sums, key=sums.__getitem__, default=usual)


def _class_of(slugs: Sequence[str], vocabulary: Vocabulary, classes: Mapping[str, str | None]) -> str | None:
    numbers = [number for number, topic in enumerate(vocabulary.topics) if topic.slug in slugs]
    return _class(numbers[0], vocabulary, classes) if numbers else None


def _class(number: int | None, vocabulary: Vocabulary, classes: Mapping[str, str | None]) -> str | None:
    while number is not None:
        topic = vocabulary.topics[number]
        if topic.slug in classes:
            return classes[topic.slug]
        number = topic.parent
    return None
