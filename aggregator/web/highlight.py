"""Where in a text the words of a query stand."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from markupsafe import Markup, escape

from aggregator.store.query import Query, Term
from aggregator.text.words import without_targets
from aggregator.web.wording import within_words

_AROUND = 130  # characters before and after
_MOST_LOOKED_AT = 8  # places where a word stands, that a piece is shown of
_PICTURE = re.compile(r"!\[([^\[\]]*)\]")  # linear: no piece is looked through twice
_NOTATION = re.compile(r"[*`\[\]\\|]+|^[#> ]+|~~", re.MULTILINE)
_ALPHABET = re.compile(r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_LATIN_AND_GREEK = (*range(0xC0, 0x400), *range(0x1E00, 0x2000))
# A letter with accents -> the letter, as the index has it. Texts keep their length: a place in one is one in both.
_LETTERS = {code: unicodedata.normalize("NFD", chr(code))[0] for code in _LATIN_AND_GREEK if chr(code).isalpha()}


def highlighted(text: str, query: Query) -> Markup:
    """Return the text, escaped, its matches in ``<mark>``."""
    return _marked(_composed(text), [_pattern(term) for term in query.terms if not term.excluded])


def excerpt(summary: str, markdown: str, query: Query) -> Markup:
    """Return why a story was found: the piece of its summary, else of its text, that has most of the words."""
    patterns = [_pattern(term) for term in query.terms if not term.excluded and not term.in_title]
    plain = " ".join(_NOTATION.sub("", _PICTURE.sub(r" \1 ", without_targets(markdown))).split())
    texts = [text for text in (_composed(summary), _composed(plain)) if text]
    best, most = "", -1
    for piece in (piece for text in texts for piece in _pieces(text, patterns)):
        if (told := _told(piece, patterns)) > most:
            best, most = piece, told
        if most == len(patterns):
            break
    return _marked(best, patterns)


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _plain(composed: str) -> str:
    return composed if composed.isascii() else composed.translate(_LETTERS)


def _pattern(term: Term) -> str:
    words = re.findall(r"\w+", _plain(_composed(term.text)))
    said = r"\W+".join(map(re.escape, words))
    if _ALPHABET.search(term.text):
        return said
    return rf"\b{said}" + (r"\w*" if term.prefix else r"\b")


def _pieces(text: str, patterns: Iterable[str]) -> Iterator[str]:
    """Yield the beginning, and what is around the first places of each word."""
    yield within_words(text, 0, 2 * _AROUND)
    plain = _plain(text)
    for pattern in patterns:
        for found in islice(re.finditer(pattern, plain, re.IGNORECASE), _MOST_LOOKED_AT):
            yield within_words(text, found.start() - _AROUND, found.end() + _AROUND)


def _told(piece: str, patterns: Iterable[str]) -> int:
    plain = _plain(piece)
    return sum(re.search(pattern, plain, re.IGNORECASE) is not None for pattern in patterns)


def _marked(text: str, patterns: Sequence[str]) -> Markup:
    parts, end = [], 0
    found = re.finditer("|".join(patterns), _plain(text), re.IGNORECASE) if patterns else ()
    for start, after in (each.span() for each in found):
        parts += [escape(text[end:start]), Markup("<mark>") + text[start:after] + Markup("</mark>")]
        end = after
    return Markup("").join([*parts, escape(text[end:])])
