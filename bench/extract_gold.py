"""``python -m bench.extract_gold``: how well articles are found in pages, beside trafilatura's own settings.

The pages and the measure are those of Zyte's article-extraction-benchmark: shared runs of four words, precision and
recall averaged over pages. Ours is measured on the plain text of the body that a record would have, captions included,
and once more as the rules for gates leave it: a page that they take for a gate has no text, which its article's recall
counts.
"""

import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import trafilatura

from aggregator.extract.article import find_article, read_article
from aggregator.model import Content, Entry, FullText, Missed, Page
from aggregator.normalize.article import normalize
from aggregator.parse.charset import decode_page

CORPUS = Path(__file__).parents[2] / "shared/corpus/extract-gold/aeb"
LEAST = 0.95
MOST_BEHIND = 0.01  # of trafilatura's best setting
_WORD = re.compile(r"\w+")
_SETTINGS: dict[str, dict[str, Any]] = {
    "default": {},
    "fast": {"fast": True},
    "precision": {"favor_precision": True},
    "recall": {"favor_recall": True},
    "no comments": {"include_comments": False},
    "no comments, fast": {"include_comments": False, "fast": True},
    "no comments, precision": {"include_comments": False, "favor_precision": True},
    "no comments, recall": {"include_comments": False, "favor_recall": True},
}


class Gold(NamedTuple):
    """A page and its article."""

    url: str
    markup: str
    text: str


class Score(NamedTuple):
    """How much of the articles was found, and how much of what was found is of them."""

    f1: float
    precision: float
    recall: float


def main() -> int:
    """Print the table; return 1 where a goal is missed."""
    golds = list(gold())
    ours, gated, *theirs = [_measured(name, golds, read) for name, read in _readers()]
    best = max(score.f1 for score in theirs)
    gates = [gold.url for gold in golds if isinstance(_read(gold), Missed)]
    print(f"goal: F1 >= {LEAST}, and >= {best - MOST_BEHIND:.4f} (trafilatura's best less {MOST_BEHIND})")
    print(f"{len(gates)} of {len(golds)} pages taken for gates: {' '.join(gates)}")
    return int(min(ours.f1, gated.f1) < max(LEAST, best - MOST_BEHIND))


def gold() -> Iterator[Gold]:
    """Yield the pages of the corpus."""
    for path in sorted(CORPUS.glob("*.expected.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        page = gzip.decompress(path.with_name(path.name.replace(".expected.json", ".html.gz")).read_bytes())
        yield Gold(expected["url"], decode_page(page, None), expected["articleBody"])


def our_text(gold: Gold) -> str:
    """Return the plain text of the body that a record would have."""
    return _as_record(find_article(gold.markup, gold.url, FullText()), gold.url)


def our_text_behind_gates(gold: Gold) -> str:
    """Return the same as the digest would have it, "" for a page that the rules take for a gate."""
    page = _read(gold)
    return "" if isinstance(page, Missed) else _as_record(page.markup, gold.url)


def score(pairs: Iterable[tuple[str, str]]) -> Score:
    """Return the score of (article, what was found)."""
    precisions, recalls = [], []
    for true, found in pairs:
        wanted, had = _runs(true), _runs(found)
        shared = (wanted & had).total()
        if had:
            precisions.append(shared / had.total())
        if wanted:
            recalls.append(shared / wanted.total())
    precision, recall = statistics.mean(precisions), statistics.mean(recalls)
    return Score(2 * precision * recall / (precision + recall), precision, recall)


def _readers() -> Iterator[tuple[str, Callable[[Gold], str]]]:
    yield "ours", our_text
    yield "ours, gates applied", our_text_behind_gates
    for name, settings in _SETTINGS.items():
        yield f"trafilatura, {name}", partial(_its_text, settings)


def _its_text(settings: Mapping[str, Any], gold: Gold) -> str:
    return trafilatura.extract(gold.markup, **settings) or ""


def _measured(name: str, golds: Iterable[Gold], read: Callable[[Gold], str]) -> Score:
    start = time.process_time()
    pairs = [(gold.text, read(gold)) for gold in golds]
    took = (time.process_time() - start) / len(pairs)
    measured = score(pairs)
    print(f"{name:36} F1 {measured.f1:.4f}  P {measured.precision:.4f}  R {measured.recall:.4f}  {took * 1e3:5.1f} ms")
    return measured


def _as_record(markup: str, url: str) -> str:
    body = Content(value=markup, html=True, base=url)
    return normalize(Entry(guid=None, guid_is_permalink=False, link=url, content=body)).text


def _read(gold: Gold) -> Page | Missed:
    return read_article(gold.markup, gold.url, asked=gold.url, wanted=FullText())


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(run for start in range(max(1, len(words) - 3)) if (run := tuple(words[start : start + 4])))


if __name__ == "__main__":
    sys.exit(main())
