"""Where in a text the words of a query stand."""

import re

from markupsafe import Markup, escape

from aggregator.store.query import Query, Term
from aggregator.text.words import without_targets

_AROUND = 130  # characters before and after
_NOTATION = re.compile(r"[*`\[\]\\|]+|^[#> ]+|~~", re.MULTILINE)
_ALPHABET = re.compile(r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")


def highlighted(text: str, query: Query) -> Markup:
    """Return the text, escaped, its matches in ``<mark>``."""
    return _marked(text, _pattern(query))


def excerpt(summary: str, markdown: str, query: Query) -> Markup:
    """Return what shows why a story was found: its summary where that has a match, else a piece of its text."""
    pattern = _pattern(query)
    if pattern is None or pattern.search(summary):
        return _marked(summary, pattern)
    text = " ".join(_NOTATION.sub("", without_targets(markdown)).split())
    found = pattern.search(text)
    if found is None:
        return _marked(summary or text[: 2 * _AROUND], pattern)
    start, end = max(0, found.start() - _AROUND), found.end() + _AROUND
    before = "… " if start else ""
    after = " …" if end < len(text) else ""
    return _marked(before + text[start:end] + after, pattern)


def _pattern(query: Query) -> re.Pattern[str] | None:
    wanted = [_of_term(term) for term in query.terms if not term.excluded]
    return re.compile("|".join(wanted), re.IGNORECASE) if wanted else None


def _of_term(term: Term) -> str:
    words = re.findall(r"\w+", term.text)
    said = r"\W+".join(map(re.escape, words))
    if _ALPHABET.search(term.text):
        return said
    return rf"\b{said}" + (r"\w*" if term.prefix else r"\b")


def _marked(text: str, pattern: re.Pattern[str] | None) -> Markup:
    if pattern is None:
        return escape(text)
    parts, end = [], 0
    for found in pattern.finditer(text):
        parts += [escape(text[end : found.start()]), Markup("<mark>") + found.group() + Markup("</mark>")]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])
