"""Names counted: which of them are the same, what they are names of, and which matter most."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from aggregator.enrich.lexicon import Lexicon

_IN_TITLE = 4.0  # occurrences that being in the title is worth
_FIRST = 2.0  # and being the first thing that the text says
_MOST_OF_A_PERSON = 4  # words
_LONG_NAME = 2  # words: longer ones have ends that are names


class Entity(NamedTuple):
    """A name, and what it is a name of, where that shows: "person", "organisation", "place" or "product"."""

    name: str
    kind: str | None


@dataclass(slots=True)
class _Counted:
    words: tuple[str, ...]
    first: float  # 0 at the beginning of the text, 1 at its end
    count: int
    in_title: bool
    is_person: bool

    def join(self, other: "_Counted") -> None:
        """Take in what was counted under another form of the name."""
        self.count += other.count
        self.first = min(self.first, other.first)
        self.in_title |= other.in_title
        self.is_person |= other.is_person


class Tally:
    """The names of an article, by what they are however they are written."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Begin with none."""
        self._lexicon = lexicon
        self._counted: dict[str, _Counted] = {}

    def add(self, words: tuple[str, ...], at: float, *, in_title: bool = False, is_person: bool = False) -> None:
        """Count a name at a place of the text, from 0 to 1."""
        new = _Counted(words, at, 1, in_title, is_person)
        known = self._counted.setdefault(key(words), new)
        if known is new:
            return
        known.join(new)
        if len("".join(words)) > 3 and "".join(known.words).isupper():  # "WIRED" is how a headline has "Wired"
            known.words = words

    def known(self, words: Sequence[str]) -> tuple[str, ...] | None:
        """Return a name that was counted as it is written, or None."""
        counted = self._counted.get(key(words))
        return None if counted is None else counted.words

    def ranked(self) -> tuple[Entity, ...]:
        """Return each once, in order of salience: in the title, early, often."""
        self._merge()
        self._merge_others()
        in_order = sorted(self._counted.values(), key=_salience, reverse=True)
        return tuple(Entity(" ".join(each.words), self._kind(each)) for each in in_order)

    def _merge(self) -> None:
        """Take "Kasriel" for "Stephane Kasriel", "Acme" for "Acme Corp" and "Microsoft Corp" for "Microsoft"."""
        whole: dict[str, str] = {}
        for name, each in self._counted.items():
            if len(each.words) > 1:
                for short in self._short_forms(name, each.words):
                    whole.setdefault(key(short), name)
        for part, name in whole.items():
            if part not in self._counted or name not in self._counted:
                continue
            if part not in self._lexicon.known:
                self._counted[name].join(self._counted.pop(part))
            elif self._counted[name].words[-1].lower() in self._lexicon.firms:
                self._counted[part].join(self._counted.pop(name))

    def _merge_others(self) -> None:
        """Take "Ferrycamps" for "Ferrycamp", and "FerryKit Player" for "FerryKit"."""
        lexicon = self._lexicon
        for name, each in list(self._counted.items()):
            short, _, last = name.rpartition(" ")
            is_kind_of = lexicon.is_word(last) and last not in lexicon.organisations and not each.words[0][1:].islower()
            if is_kind_of and len(each.words) == 2 and short in self._counted and short not in lexicon.known:
                self._counted[short].join(self._counted.pop(name))
            elif name.endswith("s") and name[:-1] in self._counted:
                self._counted[name[:-1]].join(self._counted.pop(name))

    def _short_forms(self, name: str, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """Yield what a name of several words may be called for short."""
        lexicon, last = self._lexicon, words[-1].lower()
        tail = words[-_LONG_NAME:]  # "Mobile Services" after "Umbrax Mobile Services"
        if len(words) > _LONG_NAME and all(lexicon.is_word(word.lower()) for word in tail):
            yield tail
        if name in lexicon.known:
            if lexicon.is_word(last):  # "the Court" after "Supreme Court"
                yield words[-1:]
        elif last in lexicon.organisations:
            yield words[:1]
        elif len(words) <= _MOST_OF_A_PERSON:
            yield words[-1:]
            if words[0] in lexicon.given or self._is_personal(words):
                yield words[:1]

    def _is_personal(self, words: tuple[str, ...]) -> bool:
        """Whether none of the words means something, so that the first may stand for all: "Hampton Catlin"."""
        return not any(self._lexicon.is_word(word.lower()) or word.lower() in self._lexicon.known for word in words)

    def _kind(self, each: _Counted) -> str | None:
        lexicon, last = self._lexicon, each.words[-1].lower()
        known = lexicon.known.get(" ".join(each.words).lower())
        if known:
            return known
        if last in lexicon.organisations or "of" in each.words:
            return "organisation"
        if last in lexicon.places and len(each.words) > 1:
            return "place"
        if each.is_person or (each.words[0] in lexicon.given and 1 < len(each.words) <= _MOST_OF_A_PERSON):
            return "person"
        return "organisation" if last.isupper() and last.isalpha() and len(last) > 2 and len(each.words) == 1 else None


def key(words: Iterable[str]) -> str:
    """Return what is equal for all spellings of a name."""
    return " ".join(words).casefold().replace(".", "").replace("-", " ").removeprefix("the ")


def _salience(each: _Counted) -> float:
    return each.count + _IN_TITLE * each.in_title + _FIRST * (1.0 - each.first)
