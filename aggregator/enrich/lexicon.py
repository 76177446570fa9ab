"""What a capital says and does not say: English words, and the word lists of ``config/entities.toml``."""

import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aggregator.shipped import shipped

# An ending, and what may stand in its place in the word that it was added to.
_ENDINGS = (
    ("s", ("",)), ("es", ("",)), ("ies", ("y",)), ("ed", ("", "e")), ("ied", ("y",)), ("ing", ("", "e")), ("ly", ("",)),
    ("er", ("", "e")), ("ness", ("",)), ("ous", ("", "e")), ("ful", ("",)), ("less", ("",)), ("able", ("", "e")),
    ("ation", ("", "e")), ("ment", ("",)), ("ist", ("", "e")), ("ism", ("", "e")), ("ist", ("y",)), ("al", ("", "e")),
)  # fmt: skip
_PREFIXES = ("un", "re", "over", "under", "multi", "non", "pre", "mis", "anti", "inter", "super", "cyber", "in", "dis")
_LEAST_PART = 3  # letters of each of two words in one


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The word lists, all in lower case but ``given``."""

    words: frozenset[str]
    openers: frozenset[str]  # begin a sentence, and no name
    titles: frozenset[str]
    heads: frozenset[str]  # go on with "of"
    organisations: frozenset[str]  # end a name of one
    firms: frozenset[str]  # the same in any language
    places: frozenset[str]
    plain: frozenset[str]  # have a capital, and are no names
    demonyms: frozenset[str]  # of countries, peoples and faiths
    calendar: frozenset[str]
    countries_short: frozenset[str]
    known: Mapping[str, str]  # name in lower case -> kind
    given: frozenset[str]  # names of people

    def is_word(self, lower: str) -> bool:
        """Whether this is an English word that is written in lower case, in any of its forms."""
        return lower in self.words or any(base in self.words for base in _bases(lower))

    def may_be_word(self, word: str) -> bool:
        """Whether this may be no name for all that its letters say, as a heading or the beginning of a sentence has it.

        Such is a word, one with something before it, and two in one: "unglamorous", "giveaway". "GiveAway" is a name.
        """
        lower = word.lower()
        return (word[1:].islower() or word.isupper()) and (self.is_word(lower) or self._is_built(lower))

    def is_surely_known(self, lower: str) -> bool:
        """Whether this is a listed name that is one even where any word would have a capital: "Apple", and not "Go"."""
        kind = self.known.get(lower)
        return kind is not None and not (kind == "product" and self.is_word(lower))

    def _is_built(self, lower: str) -> bool:
        if any(lower.startswith(prefix) and self.is_word(lower[len(prefix) :]) for prefix in _PREFIXES):
            return True
        cuts = range(_LEAST_PART, len(lower) - _LEAST_PART + 1)
        return any(lower[:cut] in self.words and self.is_word(lower[cut:]) for cut in cuts)


@functools.cache
def lexicon() -> Lexicon:
    """Return the shipped lists."""
    data = tomllib.loads(shipped("entities.toml").read_text(encoding="utf-8"))
    lists = {name: frozenset(words.split()) for name, words in data["words"].items()}
    younger = lists.pop("younger")
    names = data["names"]
    kinds = {"organisation": "organisations", "product": "products", "place": "places"}
    return Lexicon(
        words=younger.union(_english()),
        known={name.lower(): kind for kind, key in kinds.items() for name in _listed(names[key])},
        given=frozenset(_listed(names["given"])),
        **lists,
    )


@functools.cache
def openers(language: str) -> frozenset[str]:
    """Return the words of a language that open a sentence, and no name."""
    data = tomllib.loads(shipped("entities.toml").read_text(encoding="utf-8"))
    return frozenset(data["openers"].get(language, "").split())


@functools.cache
def common(language: str) -> tuple[str, ...]:
    """Return how the words of a language begin that have a capital now and then and name nothing by themselves."""
    data = tomllib.loads(shipped("entities.toml").read_text(encoding="utf-8"))
    return tuple(data["common"].get(language, "").split())


def _english() -> Iterator[str]:
    for line in shipped("english-words.txt").read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            yield from line.split()


def _listed(names: str) -> Iterator[str]:
    return (name.strip() for name in names.split(";") if name.strip())


def _bases(lower: str) -> Iterator[str]:
    for ending, instead in _ENDINGS:
        if lower.endswith(ending) and len(lower) > len(ending) + 1:
            for letters in instead:
                yield lower[: -len(ending)] + letters
