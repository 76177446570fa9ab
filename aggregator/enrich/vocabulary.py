"""A controlled vocabulary of topics, made ready for looking texts up in it. docs/reference/topics.md has its rules."""

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORD = re.compile(r"\w+(?:&\w+)*(?:\+{1,2}|#)?")  # C++, C#, AT&T
STRONG, PLAIN, WEAK = 3.0, 1.0, 0.35  # what a term of each list weighs
CATEGORY = "#"  # begins a term that is a whole category

_MOST_SEEN = 30_000  # words of texts that a vocabulary remembers; some 3 MB
_SHORTEST_STEM = 2
_WEIGHTS = {"strong": STRONG, "terms": PLAIN, "weak": WEAK}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """How hits become topics; the keys of ``[scoring]``."""

    field_weights: Mapping[str, float]  # of title, category, lead, body
    saturation: float
    threshold: float
    relative: float
    most: int
    parent_share: float
    drop_parent: bool
    gate: float
    general: float = 0.0  # points that a topic with children has to score


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic, and the terms that speak for it with their weights. Terms are numbers of the vocabulary's."""

    slug: str
    rank: int  # of its pack: 0 goes first
    is_ranked: bool  # its pack has a place of its own
    parent: int | None
    terms: Mapping[int, float]
    needs: frozenset[int] = frozenset()  # one of these has to occur
    never: frozenset[int] = frozenset()  # what lies within one of these does not count


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to go on after the first word of a term."""

    term: int
    rest: tuple[str, ...]
    open_end: bool  # the last word may go on
    spelling: tuple[str, ...] | None  # where the case counts
    second: str  # what the second word begins with

    def length(self, lower: list[str], words: list[str], at: int) -> int:
        """Return how many words from ``at`` on are the term: 0 where it is not there."""
        count = 1 + len(self.rest)
        if self.rest:
            there = lower[at + 1 : at + count]
            if len(there) < len(self.rest) or there[:-1] != list(self.rest[:-1]):
                return 0
            if not (there[-1].startswith(self.rest[-1]) if self.open_end else there[-1] == self.rest[-1]):
                return 0
        if self.spelling and tuple(words[at : at + count]) != self.spelling:
            return 0
        return count


class Vocabulary:
    """Topics, and the index from the words of a text to their terms."""

    def __init__(self, topics: Iterable[Topic], terms: Iterable[str], scoring: Scoring, languages: frozenset[str]):
        """Index the terms."""
        self.topics = tuple(topics)
        self.slugs = tuple(topic.slug for topic in self.topics)
        self.terms = tuple(terms)
        self.numbers = {term: number for number, term in enumerate(self.terms)}
        self.scoring = scoring
        self.languages = languages
        # Topics that say what is certain of them; of others, all terms are alike.
        self.anchored = frozenset(n for n, topic in enumerate(self.topics) if STRONG in topic.terms.values())
        self.general = frozenset(topic.parent for topic in self.topics if topic.parent is not None)
        self.gated = tuple(number for number, topic in enumerate(self.topics) if topic.needs)
        self.children_first = sorted(range(len(self.topics)), key=self._depth, reverse=True)
        self._guarding: dict[int, list[int]] = {}
        self.uses: dict[int, list[tuple[int, float]]] = {}
        for number, topic in enumerate(self.topics):
            for term, weight in topic.terms.items():
                self.uses.setdefault(term, []).append((number, weight))
            for term in topic.never:
                self._guarding.setdefault(term, []).append(number)
        self._whole: dict[str, list[_Way]] = {}
        self._stems: dict[str, list[_Way]] = {}
        self.categories: dict[str, int] = {}
        for index, stated in enumerate(self.terms):
            self._add(index, stated)
        self._longest_stem = max(map(len, self._stems), default=0)
        self._seen: dict[str, tuple[_Way, ...]] = {}

    def ways(self, word: str) -> tuple[_Way, ...]:
        """Return how terms go on that begin with a word, in lower case."""
        found = self._seen.get(word)
        if found is None:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            stems = (word[:length] for length in range(_SHORTEST_STEM, min(len(word), self._longest_stem) + 1))
            found = (*self._whole.get(word, ()), *(way for stem in stems for way in self._stems.get(stem, ())))
            self._seen[word] = found
        return found

    def guarded(self, terms: AbstractSet[int]) -> set[int]:
        """Return the topics that have one of these terms in their `not`."""
        return {number for term in self._guarding.keys() & terms for number in self._guarding[term]}

    def _depth(self, number: int) -> int:
        parent = self.topics[number].parent
        return 0 if parent is None else 1 + self._depth(parent)

    def _add(self, number: int, term: str) -> None:
        if term.startswith(CATEGORY):
            self.categories[term[1:]] = number
            return
        words = term_words(term)
        first, *rest = (word.lower() for word in words)
        index = self._stems if term.endswith("*") and not rest else self._whole
        spelling = tuple(words) if term.startswith("=") else None
        index.setdefault(first, []).append(
            _Way(number, tuple(rest), term.endswith("*"), spelling, rest[0] if rest else "")
        )


def term_words(term: str) -> list[str]:
    """Return the words of a term as it stands in a vocabulary, without its marks."""
    return WORD.findall(term)


@functools.lru_cache(maxsize=4)
def read(path: Path) -> Vocabulary:
    """Return the vocabulary in a file, which `aggregator.settings.vocabulary` found without problems."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    ids: dict[str, int] = {}
    gates = {name: list(terms) for name, terms in data.get("gates", {}).items()}
    packs = data["vocabulary"].get("packs", [])
    slugs = {topic["slug"]: number for number, topic in enumerate(data["topic"])}

    def numbers(terms: Iterable[str]) -> Iterator[int]:
        for term in terms:
            yield from numbers(gates[term[1:]]) if term.startswith("@") else [ids.setdefault(term, len(ids))]

    def topic(stated: Mapping[str, Any]) -> Topic:
        weights: dict[int, float] = {}
        for kind, weight in _WEIGHTS.items():
            for term in numbers(stated.get(kind, ())):
                weights.setdefault(term, weight)
        weights |= dict.fromkeys(numbers(CATEGORY + name.casefold() for name in stated.get("categories", ())), STRONG)
        pack = stated.get("pack")
        return Topic(
            slug=stated["slug"],
            rank=packs.index(pack) if pack in packs else len(packs),
            is_ranked=pack in packs,
            parent=slugs.get(stated.get("parent", "")),
            terms=weights,
            needs=frozenset(numbers(stated.get("requires", ()))),
            never=frozenset(numbers(stated.get("never", ()))),
        )

    topics = [topic(stated) for stated in data["topic"]]
    return Vocabulary(topics, ids, Scoring(**data["scoring"]), frozenset(data["vocabulary"].get("lang", ())))
