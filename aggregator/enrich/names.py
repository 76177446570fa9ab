"""From runs of words with capitals to names: where a run is cut, and what at its edges is no part of a name."""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from aggregator.enrich.evidence import Evidence
from aggregator.enrich.lexicon import Lexicon
from aggregator.enrich.mentions import JOINTS, Run

# What may hang on to a name: 's, -based, -led, 're.
_TAIL = re.compile(r"(?:['’](?:s|re|ve|ll|d|m)|(?<=s)['’]|(?<=\w\w\w)-[a-z].*|n['’]t)\Z")
_ELIDED = re.compile(r"\A(?:[dlcjmnst]|qu|dell|dall|nell|sull|all|un)['’]", re.IGNORECASE)
_SMALL = frozenset(word for joint in JOINTS for word in joint.split())
_OF = frozenset({"de", "di", "du"})
_BEFORE_TITLES = frozenset(("first", "home", "foreign", "interior", "finance", "prime", "acting", "assistant"))
_KEPT = frozenset(
    {"the", "in", "on", "to", "us", "first", "one", "two", "three", "police", "will", "may", "more", "last"}
)
_JOINING = _SMALL | _KEPT
_OF_PLACES = frozenset(
    ("fort", "lake", "mount", "port", "cape", "san", "north", "south", "east", "west", "upper", "lower", "great",
     "grand")
)  # fmt: skip
_OF_ALL = frozenset(f"{whose}{mark}s" for whose in ("people", "women", "men", "children") for mark in "'’")
_FIRM = frozenset({"co", "company", "sons", "partners", "associates", "brothers"})  # "Merck and Co"


class Name(NamedTuple):
    """A name as one place of a text has it."""

    words: tuple[str, ...]
    start: int  # of its run
    end: int
    is_person: bool = False  # a title says so


def names(run: Run, evidence: Evidence) -> Iterator[Name]:
    """Yield the names in a run, in order."""
    opens = run.opens
    stated = run.words if evidence.is_english else _unelided(run.words)
    parts = list(_parts(stated, evidence.lexicon))
    # "Pint of View" is neither of two names
    is_clear = len(parts) == 1 and not run.opens and not run.may_be_noun and not run.in_heading
    for part in parts:
        words = _opened(part, evidence) if opens else part
        if run.is_sentence and len(run.words) == 1 and words and not evidence.is_sure(words[0]):
            continue
        pieces = [words] if run.is_quoted else _pieces(words, evidence)
        for piece in pieces:
            starts = (opens and words == part) or len(pieces) > 1 or run.in_heading
            yield from _named(piece, run, evidence, opens=starts, clear=is_clear and not starts)
        opens = False


def bare(words: Sequence[str]) -> list[str]:
    """Return words without what hangs on to them: "Iran's", "London-based"."""
    return [word if word.isalpha() else _TAIL.sub("", word) for word in words]


def _unelided(words: Sequence[str]) -> list[str]:
    """Return words without the article of "l'Ukraine" and "d'Abbas"; what is left of "L'opérateur" is no name."""
    parts = (_ELIDED.sub("", word) for word in words)
    return [word for word in parts if word[:1].isupper() or word in _SMALL]


def _parts(stated: Sequence[str], lexicon: Lexicon) -> Iterator[list[str]]:
    """Yield the words between the joints that join nothing, and up to possessives: "Iran's President"."""
    words, part, at = bare(stated), list[str](), 0
    while at < len(words):
        if words[at] in _SMALL:
            joint = words[at : at + 2] if words[at + 1 : at + 2] and words[at + 1] in _SMALL else words[at : at + 1]
            at += len(joint)
            if _joins(part, joint[0], words[at:], lexicon):
                part += joint
                continue
            yield part
            part = []
        elif stated[at] == words[at] or (stated[at].lower() in _OF_ALL and words[at + 1 : at + 2]):
            part.append(stated[at])
            at += 1
        else:
            yield [*part, words[at]]
            part = []
            at += 1
    yield part


def _joins(part: Sequence[str], joint: str, following: Sequence[str], lexicon: Lexicon) -> bool:
    if not part or not following:
        return False
    is_person = len(part) > 1 and part[0] in lexicon.given
    # "Ann Otter y Bo Weaver", "PDG de Renault", "Ann Otter de Umbrax"
    if (joint == "y" and len(part) > 1) or (joint in _OF and (part[-1].isupper() or is_person)):
        return False
    if joint in {"of", "for"}:
        return part[-1].lower() in lexicon.heads
    if joint == "&":
        return part[-1][1:].islower() and following[0][1:].islower()
    if joint != "and" or following[0].lower() in _FIRM:
        return True
    ends = any(word.lower() in lexicon.organisations for word in following[:3])
    return lexicon.is_word(part[-1].lower()) and (ends or "of" in part) and lexicon.is_word(following[0].lower())


def _opened(words: list[str], evidence: Evidence) -> list[str]:
    """Return the words of a part that begins a sentence, less the first where only that gave it a capital."""
    if not words:
        return words
    first, lexicon = words[0].lower(), evidence.lexicon
    if first in evidence.openers and (first == "the" or words[0] not in evidence.inner):
        return words[1:]
    if evidence.has_own_capital(words[0]) or " ".join(words).lower() in lexicon.known:
        return words
    if len(words) == 1 or first in evidence.lower or first.endswith("ly"):
        return words[1:]
    second = words[1].lower()
    is_first = first in lexicon.titles or first in _OF_PLACES or (evidence.is_english and not lexicon.is_word(first))
    belongs = is_first or second in _SMALL or second in lexicon.organisations
    return words if belongs or not evidence.stands_alone(words[1]) else words[1:]


def _pieces(words: list[str], evidence: Evidence) -> list[list[str]]:
    """Return the words between those that join nothing and have a capital all the same: "Twitter Under the …"."""
    pieces = [words[:1]]
    for before, word in itertools.pairwise(words):
        lower = word.lower()
        is_cut = lower not in _JOINING or (before.endswith(".") and lower == "the")  # "in the U.S. The ferry"
        if is_cut and lower in evidence.openers and not word[1:].isupper():
            pieces.append([])
        else:
            pieces[-1].append(word)
    return pieces


def _named(words: list[str], run: Run, evidence: Evidence, *, opens: bool, clear: bool) -> Iterator[Name]:
    """Yield what titles stand before, and what stands before the titles: "Acme President Ann Otter"."""
    lexicon = evidence.lexicon
    words = _without_edges(words, lexicon)
    at = _after_titles(words, lexicon)
    if at:
        before = next(index for index, word in enumerate(words) if _is_title(word, lexicon))
        yield from _named(words[:before], run, evidence, opens=opens, clear=clear)
        words = words[at:]
    if at and all(map(evidence.says_little, words)):
        return
    if words and (at or evidence.is_name(words, opens=opens, clear=clear)):
        yield Name(tuple(words), run.start, run.end, bool(at))


def _without_edges(words: list[str], lexicon: Lexicon) -> list[str]:
    start, end = 0, len(words)
    while start < end and (words[start] in _SMALL or words[start].lower() in lexicon.calendar):
        start += 1
    while start < end and (words[end - 1] in _SMALL or words[end - 1].lower() in lexicon.calendar):
        end -= 1
    return words[start:end]


def _is_title(word: str, lexicon: Lexicon) -> bool:
    return word.rstrip(".").lower() in lexicon.titles


def _after_titles(words: Sequence[str], lexicon: Lexicon) -> int:
    """Return where the name begins that titles stand before, or 0."""
    if words and words[-1].lower() in lexicon.organisations:
        return 0
    last = 0
    for index, word in enumerate(words):
        if word.lower() in _BEFORE_TITLES and not (words[index + 1 :] and _is_title(words[index + 1], lexicon)):
            continue
        if index == len(words) - 1 == 1 and words[0] in lexicon.given:  # "Ann King"
            continue
        if _is_title(word, lexicon) and not (word in lexicon.given and index + 1 < len(words) and not last):
            last = index + 1
        elif last and word in _SMALL:
            return 0
    return last
