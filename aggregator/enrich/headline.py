"""Names in a title. Where every word of it has a capital, capitals say nothing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from aggregator.enrich.evidence import Evidence
from aggregator.enrich.mentions import runs
from aggregator.enrich.names import Name, bare, names
from aggregator.enrich.tally import Tally

_WORD = re.compile(r"[^\W\d_]{4,}")
_LEAST_CAPITALS = 0.65  # of the words of four letters and more that a title in capitals has
_LONGEST_NAME = 6  # words
_LITTLE = 20  # different words of a text that may not come back to what its title names


def title_names(title: str, tally: Tally, aliases: Mapping[str, tuple[str, ...]], evidence: Evidence) -> Iterator[Name]:
    """Yield the names in a title, given those of the text."""
    words = _WORD.findall(title)
    said, evidence = evidence.lower, evidence._replace(lower=evidence.lower.union(words))
    for run in runs(title):
        if sum(word[0].isupper() for word in words) < _LEAST_CAPITALS * len(words):
            yield from names(run, evidence)
        else:
            stated = bare(run.words)
            yield from (Name(found, run.start, run.end) for found in _certain(stated, tally, aliases, evidence, said))


def _certain(
    words: Sequence[str],
    tally: Tally,
    aliases: Mapping[str, tuple[str, ...]],
    evidence: Evidence,
    said: AbstractSet[str],
) -> Iterator[tuple[str, ...]]:
    """Yield what the text or the lists name, and rows of words that are in no dictionary.

    One such word alone is a name where the text has it as well, with its capital, or where it has more than one.
    """
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + _LONGEST_NAME), at, -1):
            part = tuple(words[at:end])
            is_opener = part[0].lower() in evidence.openers and len(part) == 1 and not part[0].isupper()  # "Who"
            is_listed = not is_opener and evidence.lexicon.is_surely_known(" ".join(part).lower())
            is_known = is_listed or _is_person(part, evidence)
            known = tally.known(part) or (part if is_known else None)
            found = aliases.get(" ".join(part)) or known
            if found:
                yield found
                at = end
                break
        else:
            strange = at
            while strange < len(words) and _is_strange(words[strange], evidence):
                strange += 1
            is_half = words[at] in evidence.lexicon.given and strange < len(words)  # "Tom" of "Tom Petty"
            if strange > at + 1 or (strange > at and not is_half and _is_told(words[at], said)):
                yield tuple(words[at:strange])
            at = max(strange, at + 1)


def _is_person(words: Sequence[str], evidence: Evidence) -> bool:
    last = words[1:]
    return words[0] in evidence.lexicon.given and bool(last) and all(_is_strange(word, evidence) for word in last)


def _is_told(word: str, said: AbstractSet[str]) -> bool:
    return word in said or not (word[1:].islower() or word.isupper()) or len(said) < _LITTLE


def _is_strange(word: str, evidence: Evidence) -> bool:
    lexicon, lower = evidence.lexicon, word.lower()
    if (
        not evidence.is_english
        or lower in evidence.openers
        or lower in lexicon.plain
        or lower in lexicon.demonyms
        or lower in lexicon.calendar
    ):
        return False
    if (
        lower in evidence.lower
        or lower.rstrip(".") in lexicon.titles
        or lower in lexicon.countries_short
        or len(word) < 2
    ):
        return False
    return not any(map(lexicon.may_be_word, word.split("-")))
