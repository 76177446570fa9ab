"""What a text and the word lists say about words with capitals: whether they are names at all."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from aggregator.enrich.lexicon import Lexicon

_LONGEST_PERSON = 4  # words
_SHORT_FORM = 3  # letters: longer ones in capitals are words
# "T-shirt"; "PA", which is too short to say anything; "DVDs", "NGOs"; "AOTP-10-OFF"; "XXXV".
_CODE = re.compile(r"\w-[a-z]+|[A-Z]{2}|[A-Z]{2,}s|[A-Z]+-\d+-[A-Z]+|[XVILC]{3,}")
_OFTEN = 2  # capitals where a plain word has none, of a word of a name
_LONGEST_WORD = 40  # letters: more are code
_NUMBERED = re.compile(r"\A[A-Z]?\d")  # "S2", of a page or an issue
_ADVERB = re.compile(r"\w{4,}ly")


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
        if word in self.inner or word in self.lexicon.given or self.lexicon.is_surely_known(lower):
            return True
        if lower in self.lower or not (self.is_english or word.isupper()) or _ADVERB.fullmatch(lower):
            return False
        return not self.lexicon.may_be_word(word)

    def says_little(self, word: str) -> bool:
        """Whether a word with a capital names nothing by itself: "AI", "Russian"."""
        return word.lower() in self.lexicon.plain or word.lower() in self.lexicon.demonyms

    def is_name(self, words: Sequence[str], *, opens: bool, clear: bool) -> bool:
        """Whether words with capitals are a name: they open a sentence, or are ``clear`` of what lends capitals."""
        if all(word.lower() in self.openers for word in words):
            return False
        if self.capitals_nouns:
            return self._is_certain(words)
        if max(map(len, words)) > _LONGEST_WORD:
            return False
        if len(words) > 1:
            says_little = all(self.says_little(word) or _NUMBERED.search(word) for word in words)
            return not says_little and not (opens and self._is_heading(words))
        return not self._is_plain(words[0]) and self._is_alone(words[0], clear=clear)

    def is_emphasis(self, words: Sequence[str]) -> bool:
        """Whether these are English words in capital letters: "AWAY", "VORTEX CRYSTALS"."""
        return all(word.isupper() and len(word) > _SHORT_FORM and self.lexicon.is_word(word.lower()) for word in words)

    def _is_heading(self, words: Sequence[str]) -> bool:
        """Whether words at the beginning of a line or sentence are plain ones: "Wage Reporting", "Initial Reaction"."""
        lexicon, last = self.lexicon, words[-1].lower()
        if last in lexicon.organisations or last in lexicon.places or " ".join(words).lower() in lexicon.known:
            return False
        return all(lexicon.is_word(word.lower()) and self.inner[word] < _OFTEN for word in words)

    def _is_plain(self, word: str) -> bool:
        """Whether a word on its own is none of the names that a reader looks for: "AI", "US", "T-shirt"."""
        lower, lexicon = word.rstrip(".").lower(), self.lexicon
        if self.says_little(lower) or lower in lexicon.countries_short or len(lower) < 2:
            return True
        if lower in lexicon.known:
            return False
        return bool(_CODE.fullmatch(word)) or self.is_emphasis([word])

    def _is_alone(self, word: str, *, clear: bool) -> bool:
        lower, lexicon = word.rstrip(".").lower(), self.lexicon
        is_plain = word[1:].islower() or word.isupper()  # "MapReduce" is a name
        if lower in lexicon.known or word in lexicon.given or not (is_plain and lexicon.is_word(lower)):
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
