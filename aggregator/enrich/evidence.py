"""What a text and the word lists say about words with capitals: whether they are names at all."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from aggregator.enrich.foreign import is_latin, mixes_scripts
from aggregator.enrich.lexicon import Lexicon

_LONGEST_PERSON = 4  # words
_SHORT_FORM = 3  # letters: longer ones in capitals are words
# "T-shirt"; "PA", which is too short to say anything; "DVDs", "NGOs"; "AOTP-10-OFF"; "XXXV".
_CODE = re.compile(r"\w\w?-[a-z]+|[A-Z]{2}|[A-Z]{2,}s|[A-Z]+-\d+-[A-Z]+|[XVILC]{3,}")
_SHOUTED = 3  # words
# What a word of a science or a trade ends in, rather than a name: "Cytokinins", "Endoplasmic", "Deploying".
_TERM = re.compile(
    r"\w{4,}(?:ins|ides|ines|ic|ics|ing|ed|isms?|ists?|tions?|ness|ity|ous|ive|able|ible|ology|itis|ases?|ment|ware)"
)
_LITTLE = 60  # different words of a text that may name a thing once, by a plain word
_LEAST_GUEST = 3  # letters
_LONGEST_ACRONYM = 5  # letters
_ENDING = 2  # letters
_MISREAD = "Ã"  # begins what a letter became that was read in another encoding
# "RecordTagHelper", "TestCase": parts of a program.
_IDENTIFIER = re.compile(
    r"(?:[A-Z][a-z]+)+(?:Helper|Controller|Module|Context|Method|Methods|Case|Class|Exception|Error|Handler|Factory|Type"
    r"|Builder|Listener|Adapter|Provider|Menu|Window|Button|Event|Property|Interface|Callback|Wrapper|Elem)"
)
_OFTEN = 2  # capitals where a plain word has none, of a word of a name
_LONGEST_WORD = 40  # letters: more are code
_NUMBERED = re.compile(r"\A[A-Z]?\d")  # "S2", of a page or an issue
_ADVERB = re.compile(r"\w{4,}ly")


def stems(words: Iterable[str]) -> frozenset[str]:
    """Return what is left of words in lower case without endings, of up to twice ``_ENDING`` letters."""
    plain = [word for word in words if word[:1].islower()]
    return frozenset(word[: len(word) - cut] for word in plain for cut in range(2 * _ENDING + 1))


class Evidence(NamedTuple):
    """The evidence of one text."""

    lexicon: Lexicon
    openers: frozenset[str]
    is_english: bool
    own_script: bool  # another than Latin, so that Latin words are guests
    common: tuple[str, ...]  # beginnings of words of the language that name nothing by themselves
    capitals_nouns: bool  # every noun has a capital, as in German
    lower: frozenset[str]  # words that it has in lower case
    stems: frozenset[str]  # of those in another language than English: see ``stems``
    inner: Counter[str]  # words that have a capital where a plain word has none

    def has_own_capital(self, word: str) -> bool:
        """Whether a word at the beginning of a sentence would have its capital anywhere."""
        lower = word.lower()
        if word in self.inner or word in self.lexicon.given or self.lexicon.is_surely_known(lower):
            return True
        judged = self.is_english or word.isupper() or self._is_guest(word)
        if lower in self.lower or not judged or _ADVERB.fullmatch(lower):
            return False
        return not self.lexicon.may_be_word(word) and not (word[1:].islower() and _TERM.fullmatch(lower))

    def stands_alone(self, word: str) -> bool:
        """Whether a word with a capital is a name without the word before it: "Use Handbrake", not "Smith Micro"."""
        return self.is_sure(word) or not self.is_english or not self.lexicon.may_be_word(word)

    def is_sure(self, word: str) -> bool:
        """Whether a word is a name by the lists, or by other places of the text."""
        return word in self.lexicon.given or word.lower() in self.lexicon.known or self.inner[word] > 1

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
        if not self.is_english and not self._is_foreign(words, opens=opens, clear=clear):
            return False
        if len(words) > 1:
            says_little = all(self.says_little(word) or _NUMBERED.search(word) for word in words)
            return not says_little and not self._is_shouted(words) and not (opens and self._is_heading(words))
        return not self._is_plain(words[0]) and self._is_alone(words[0], clear=clear)

    def is_emphasis(self, words: Sequence[str]) -> bool:
        """Whether these are English words in capital letters: "AWAY", "VORTEX CRYSTALS"."""
        return all(word.isupper() and len(word) > _SHORT_FORM and self.lexicon.is_word(word.lower()) for word in words)

    def _is_shouted(self, words: Sequence[str]) -> bool:
        """Whether words are a sentence in capital letters, or a piece of one: "ADVISORY IN EFFECT FROM"."""
        if len(words) < _SHOUTED or not all(map(str.isupper, words)):
            return False
        plain = [word for word in words if self.lexicon.is_word(word.lower()) or word.lower() in self.openers]
        return 2 * len(plain) > len(words)

    def _is_heading(self, words: Sequence[str]) -> bool:
        """Whether words at the beginning of a line or sentence are plain ones: "Wage Reporting", "Initial Reaction"."""
        lexicon, last = self.lexicon, words[-1].lower()
        if last in lexicon.organisations or last in lexicon.places or " ".join(words).lower() in lexicon.known:
            return False
        return all(lexicon.is_word(word.lower()) and self.inner[word] < _OFTEN for word in words)

    def _is_plain(self, word: str) -> bool:
        """Whether a word on its own is none of the names that a reader looks for: "AI", "US", "T-shirt"."""
        lower, lexicon = word.rstrip(".+").lower(), self.lexicon
        if self.says_little(lower) or lower in lexicon.countries_short or len(lower) < 2:
            return True
        if lower in lexicon.known:
            return False
        return bool(_CODE.fullmatch(word) or _IDENTIFIER.fullmatch(word)) or self.is_emphasis([word])

    def _is_alone(self, word: str, *, clear: bool) -> bool:
        lower, lexicon = word.rstrip(".").lower(), self.lexicon
        is_plain = word[1:].islower() or word.isupper()  # "MapReduce" is a name
        if lower in lexicon.known or word in lexicon.given or not (is_plain and lexicon.is_word(lower)):
            return True
        is_short = len(self.lower) < _LITTLE
        return lower not in self.lower and ((clear and is_short) or self.inner[word] > 1)

    def _is_guest(self, word: str) -> bool:
        return self.own_script and is_latin(word)

    def _is_foreign(self, words: Sequence[str], *, opens: bool, clear: bool) -> bool:
        """Whether words of a language whose plain words have no capitals may be a name, or of a guest among them."""
        if any(mixes_scripts(word) or _MISREAD in word for word in words):
            return False
        lexicon = self.lexicon
        if words[0] in lexicon.given or lexicon.is_surely_known(" ".join(words).lower()):
            return True
        if all(map(self._is_guest, words)):
            return len("".join(words)) >= _LEAST_GUEST and any(
                not lexicon.may_be_word(word) and not self.says_little(word) for word in words
            )
        if len(words) > 1:
            return not all(map(self._is_common, words)) and not all(map(str.isupper, words))
        return self._is_alone_abroad(words[0], clear=clear and not opens)

    def _is_alone_abroad(self, word: str, *, clear: bool) -> bool:
        if word.isupper():
            return len(word) <= _LONGEST_ACRONYM or self.inner[word] > 1
        if not word[1:].islower():
            return True
        if self._is_common(word) or word.lower() in self.lower or self._is_inflected(word.lower()):
            return False
        return clear or self.inner[word] > 1

    def _is_common(self, word: str) -> bool:
        return word.lower().startswith(self.common)

    def _is_inflected(self, lower: str) -> bool:
        """Whether the text has the word in lower case with another ending."""
        return len(lower) > 2 * _ENDING + 1 and lower[:-_ENDING] in self.stems

    def _is_certain(self, words: Sequence[str]) -> bool:
        """Whether words are a name even where every noun has a capital."""
        lexicon = self.lexicon
        if words[0] in lexicon.given and 1 < len(words) <= _LONGEST_PERSON:
            return True
        if len(words) > 1:
            return words[-1].lower() in lexicon.firms or " ".join(words).lower() in lexicon.known
        is_short_form = words[0].isupper() and len(words[0]) > 2 and words[0].lower() not in lexicon.plain
        return is_short_form or words[0].lower() in lexicon.known
