"""Stories: what the rule finds of pairs that were read by hand, and what clusters cost. ``python -m bench.clusters``.

The pairs are of ``bench/labels/stories.tsv``: titles of different documents within 72 hours that share words.
"""

import csv
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator.model import Content, ParsedFeed
from aggregator.parse import parse
from aggregator.store.headlines import length, tells_of_one, terms, weights
from aggregator.text.plain import plain_text
from bench.label_files import LABELS, Place, find
from bench.real_feeds import CORPUS, documents
from tests.store.factory import a_digest, a_draft, a_store, poll

_NOW = datetime(2026, 6, 1, tzinfo=UTC)
_BATCH = 50  # changes, as in the daemon
_FEEDS, _RECORDS = 40, 8_000


def main() -> None:
    """Print precision and recall on the labelled pairs, and the cost of a record."""
    titles = sorted(set(_titles()))
    having = Counter(word for title in titles for word in terms(title))
    counts: Counter[tuple[bool, bool]] = Counter()
    for same, one, other in _pairs():
        counts[same, _is_found(one, other, having, len(titles))] += 1
    right, found, real = (
        counts[True, True],
        counts[True, True] + counts[False, True],
        counts[True, True] + counts[True, False],
    )
    print(f"{counts.total()} pairs, {real} of one event; words counted in {len(titles)} titles")
    print(f"precision {right / found:.2f} ({right} of {found}), recall among these pairs {right / real:.2f}")
    _say_cost(titles)


def _is_found(one: str, other: str, having: Counter[int], titles: int) -> bool:
    mine, theirs = weights(terms(one), having, titles), weights(terms(other), having, titles)
    shared = mine.keys() & theirs.keys()
    product = length(mine) * length(theirs)
    return product > 0 and tells_of_one(sum(mine[word] ** 2 for word in shared) / product, shared)


def _pairs() -> Iterator[tuple[bool, str, str]]:
    with (LABELS / "stories.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            places = [
                Place(file=row[f"{which}file"], entry=int(row[f"{which}entry"]), title=row[f"{which}title"])
                for which in ("", "other_")
            ]
            one, other = (_plain(find(place).entry.title) for place in places)
            yield row["same"] == "yes", one, other


def _titles() -> Iterator[str]:
    for path, _ in documents():
        feed = parse((CORPUS / path).read_bytes(), url="https://corpus.example/", content_type=None, now=_NOW)
        if isinstance(feed, ParsedFeed):
            yield from (_plain(entry.title) for entry in feed.entries if entry.title and entry.published)


def _plain(title: Content | None) -> str:
    return "" if title is None else plain_text(title.value) if title.html else title.value


def _say_cost(titles: list[str]) -> None:
    """Let a store of some days follow, in batches as the daemon does."""
    chance = random.Random(7)
    urls = [f"https://feed{number}.example/" for number in range(_FEEDS)]
    with tempfile.TemporaryDirectory() as folder, a_store(Path(folder), *urls) as store:
        for number, url in enumerate(urls):
            drafts = [a_draft(f"f{number}/{n}", title=chance.choice(titles)) for n in range(_RECORDS // _FEEDS)]
            told = [
                replace(each, slug=each.slug_unique, published_at=_NOW - timedelta(hours=chance.uniform(0, 120)))
                for each in drafts
            ]
            poll(store, url, a_digest(*told), _NOW)
        costs = []
        more = _BATCH
        while more:
            with store.work() as work:
                started = time.perf_counter()
                more = work.clusters.catch_up(_NOW, limit=_BATCH)
                costs.append((time.perf_counter() - started) / _BATCH)
    costs.sort()
    median, tail = costs[len(costs) // 2], costs[int(0.95 * len(costs))]
    print(f"a record: {1e6 * median:.0f} µs (median of batches), {1e6 * tail:.0f} µs (95 of 100 below)")


if __name__ == "__main__":
    main()
