"""What each enricher costs per article: the median over the generated corpus, and over real feeds where they are."""

import itertools
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from aggregator.enrich import enrich
from aggregator.enrich.entities import entities
from aggregator.enrich.language import detect
from aggregator.enrich.summary import summarise
from aggregator.enrich.topics import topics
from aggregator.enrich.vocabulary import read
from aggregator.model import Article, Entry, ParsedFeed
from aggregator.normalize.article import normalize
from aggregator.parse import parse
from aggregator.settings.checks import ENRICHERS
from aggregator.shipped import shipped
from bench.corpus import documents

_REAL = Path(__file__).parents[1] / "../shared/corpus/feeds-real"
_MOST = 3_000  # articles
_NOW = datetime(2026, 6, 1, tzinfo=UTC)
Story = tuple[Entry, Article]


def main() -> None:
    """Print a table in Markdown, in µs."""
    vocabulary = read(shipped("topics.toml"))
    measures: Mapping[str, Callable[[Entry, Article], object]] = {
        "language": lambda entry, article: detect(article, hint=entry.language),
        "summary": lambda _, article: summarise(article),
        "topics": lambda entry, article: topics(article, entry.categories, vocabulary, language="en"),
        "entities": lambda _, article: entities(article.title, article.text or article.summary, "en"),
        "all": lambda entry, article: enrich(
            article, language=entry.language, categories=entry.categories, enabled=frozenset(ENRICHERS)
        ),
    }
    print("| enricher | articles | characters, median | median, µs | 95 of 100 below, µs |\n|---|---|---|---|---|")
    for corpus, stories in (("generated", _generated()), ("real", _real()), ("real, 2 to 3 kB", _real(2000, 3000))):
        if not stories:
            continue
        size = statistics.median(len(article.text) for _, article in stories)
        for name, measure in measures.items():
            taken = sorted(_taken(measure, stories))
            tail = taken[int(0.95 * len(taken))]
            row = (f"{name}, {corpus}", len(stories), f"{size:.0f}", f"{statistics.median(taken):.0f}", f"{tail:.0f}")
            print(f"| {' | '.join(map(str, row))} |", flush=True)


def _taken(measure: Callable[[Entry, Article], object], stories: list[Story]) -> Iterator[float]:
    measure(*stories[0])  # what is loaded once
    for story in stories:
        started = time.perf_counter()
        measure(*story)
        yield (time.perf_counter() - started) * 1e6


def _generated() -> list[Story]:
    return list(_stories(documents(40)))


def _real(shortest: int = 0, longest: int = 10**9) -> list[Story]:
    files = sorted(path for path in _REAL.glob("**/*") if path.is_file() and path.suffix not in {".tsv", ".md"})
    stories = _stories(path.read_bytes() for path in files)
    return list(itertools.islice((story for story in stories if shortest <= len(story[1].text) <= longest), _MOST))


def _stories(bodies: Iterator[bytes]) -> Iterator[Story]:
    for body in bodies:
        feed = parse(body, url="https://bench.example/", content_type=None, now=_NOW)
        if isinstance(feed, ParsedFeed):
            yield from ((entry, normalize(entry)) for entry in feed.entries)


if __name__ == "__main__":
    main()
