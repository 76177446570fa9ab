"""Texts and queries in PostgreSQL's terms: vectors and queries of the words that SQLite's tokenizer would find.

The server's own parser is not asked: it takes "example.com/a-b" for a host and a path, and knows nothing of pairs.
"""

import unicodedata
from collections.abc import Iterable, Iterator

import re2

from aggregator.store.query import Query, Term
from aggregator.text.words import indexed_words, phrase_words, without_targets

# As tokenize="unicode61 categories 'L* N* Co Mn Mc'".
_WORD = re2.compile(r"[\pL\pN\p{Co}\p{Mn}\p{Mc}]+")
_MARKS = re2.compile("[\u0300-\u036f]+")
_LONGEST_WORD = 200  # characters; a lexeme may have 2 KB
_MOST_BYTES = 500_000  # of words in a vector, which may have 1 MB with their places
_PART = 100  # places between parts, so that no phrase goes from one to the next


def vector(title: str, summary: str, body: str) -> str:
    """Return the words of a text as the input of a ``tsvector``: the title's weigh A, the summary's B, the others D."""
    places: dict[str, list[str]] = {}
    place = size = 0
    for weight, text in (("A", title), ("B", summary), ("D", without_targets(body))):
        place += _PART
        for word in _words(indexed_words(text)):
            place += 1
            size += len(word.encode()) + 4
            if size > _MOST_BYTES:
                break
            places.setdefault(word, []).append(f"{min(place, 16383)}{weight}")  # the last place there is
    return " ".join(f"'{word}':{','.join(where[:255])}" for word, where in places.items())


def expression(query: Query) -> str | None:
    """Return the query as the input of a ``tsquery``; None where it is about labels alone."""
    wanted = list(_phrases(term for term in query.terms if not term.excluded))
    unwanted = list(_phrases(term for term in query.terms if term.excluded))
    if not wanted:
        return None
    return " & ".join([*wanted, *(f"!{each}" for each in unwanted)])


def _phrases(terms: Iterable[Term]) -> Iterator[str]:
    for term in terms:
        text, is_beginning = phrase_words(term.text)
        words = list(_words(text))
        if not words:
            continue
        title = "A" if term.in_title else ""
        last = f"*{title}" if term.prefix or is_beginning else title
        marks = [title] * (len(words) - 1) + [last]
        marked = (f"'{word}'" + (f":{mark}" if mark else "") for word, mark in zip(words, marks, strict=True))
        yield f"({' <-> '.join(marked)})"


def _words(text: str) -> Iterator[str]:
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", folded)))
    return (word[:_LONGEST_WORD] for word in _WORD.findall(folded))
