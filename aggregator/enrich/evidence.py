"""What a text and the word lists say about words with capitals: whether they are names at all."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from aggregator.enrich.lexicon import Lexicon

_LONGEST_PERSON = 4  # words


class Evidence(NamedTuple):
    """The evidence of one text."""

    lexicon: Lexicon
    openers: frozenset[str]
    is_english: bool
    capitals_nouns: bool  # every noun has a capital, as in German
    lower: frozenset[str]  # words that it has in lower case
    inner: Counter[str]  # words that have a capital where a plain word has none

    def has_own_capital(self, word: str) -> bool:
        """Whether a word at the beginning of a sentence would have its capital anywhere."""
        lower = word.lower()
        if word in self.inner or lower in self.lexicon.known or word in self.lexicon.given:
            return True
        if lower in self.lower or not (self.is_english or word.isupper()):
            return False
        return not self.lexicon.is_word(lower)

    def is_name(self, words: Sequence[str], *, clear: bool) -> bool:
        """Whether words with capitals are a name; ``clear`` where neither a full stop nor an article goes before."""
        if all(word.lower() in self.openers for word in words):
            return False
        if self.capitals_nouns:
            return self._is_certain(words)
        if len(words) > 1:
            return not all(word.lower() in self.lexicon.plain for word in words)
        return not self._is_plain(words[0]) and self._is_alone(words[0], clear=clear)

    def _is_plain(self, word: str) -> bool:
        """Whether a word on its own is none of the names that a reader looks for: "AI", "US", "T-shirt"."""
        lower, lexicon = word.rstrip(".").lower(), self.lexicon
        if lower in lexicon.plain or lower in lexicon.countries_short or len(lower) < 2:
            return True
        return lower[1] == "-" and lower[2:].islower() and word[2:].islower()

    def _is_alone(self, word: str, *, clear: bool) -> bool:
        lower, lexicon = word.rstrip(".").lower(), self.lexicon
        if lower in lexicon.known or word in lexicon.given or not lexicon.is_word(lower):
            return True
        return lower not in self.lower and (clear or self.inner[word] > 1)

    def _is_certain(self, words: Sequence[str]) -> bool:
        """Whether words are a name even where every noun has a capital."""
        lexicon = self.lexicon
        if words[0] in lexicon.given and 1 < len(words) <= _LONGEST_PERSON:
            return True
        if len(words) > 1:
            return words[-1].lower() in lexicon.firms or " ".join(words).lower() in lexicon.known
        is_short_form = words[0].isupper() and len(words[0]) > 2 and words[0].lower() not in lexicon.plain
        return is_short_form or words[0].lower() in lexicon.known
