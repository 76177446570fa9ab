"""Names in a title. Where every word of it has a capital, capitals say nothing."""

import re
from collections.abc import Iterator, Mapping, Sequence

from aggregator.enrich.evidence import Evidence
from aggregator.enrich.mentions import runs
from aggregator.enrich.names import Name, bare, names
from aggregator.enrich.tally import Tally

_WORD = re.compile(r"[^\W\d_]{4,}")
_LEAST_CAPITALS = 0.65  # of the words of four letters and more that a title in capitals has
_LONGEST_NAME = 6  # words


def title_names(title: str, tally: Tally, aliases: Mapping[str, tuple[str, ...]], evidence: Evidence) -> Iterator[Name]:
    """Yield the names in a title, given those of the text."""
    words = _WORD.findall(title)
    evidence = evidence._replace(lower=evidence.lower.union(words))
    for run in runs(title):
        if sum(word[0].isupper() for word in words) < _LEAST_CAPITALS * len(words):
            yield from names(run, evidence)
        else:
            stated = bare(run.words)
            yield from (Name(found, run.start, run.end) for found in _certain(stated, tally, aliases, evidence))


def _certain(
    words: Sequence[str], tally: Tally, aliases: Mapping[str, tuple[str, ...]], evidence: Evidence
) -> Iterator[tuple[str, ...]]:
    """Yield what the text or the lists name, and rows of words that are in no dictionary."""
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + _LONGEST_NAME), at, -1):
            part = tuple(words[at:end])
            known = tally.known(part) or (part if " ".join(part).lower() in evidence.lexicon.known else None)
            found = aliases.get(" ".join(part)) or known
            if found:
                yield found
                at = end
                break
        else:
            strange = at
            while strange < len(words) and _is_strange(words[strange], evidence):
                strange += 1
            if strange > at:
                yield tuple(words[at:strange])
            at = max(strange, at + 1)


def _is_strange(word: str, evidence: Evidence) -> bool:
    lexicon, lower = evidence.lexicon, word.lower()
    if not evidence.is_english or lower in evidence.openers or lower in lexicon.plain or lower in lexicon.calendar:
        return False
    if lower.rstrip(".") in lexicon.titles or lower in lexicon.countries_short or len(word) < 2:
        return False
    return not any(lexicon.is_word(part) for part in lower.split("-"))
