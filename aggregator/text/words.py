"""Text as words for an index whose tokenizer knows only letters: scripts without spaces become pairs of characters."""

import re

_LETTERS = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_LETTERS}]+")
_LINK_TARGET = re.compile(r"\]\([^()\s]*(?:\s\"[^\"]*\")?\)")


def indexed_words(text: str) -> str:
    """Return the text with every run of Chinese, Japanese or Korean as its pairs of neighbours (SQ-22).

    "東京都" is "東京 京都 都": two characters are found wherever they stand together, one by a prefix.
    """
    return text if text.isascii() else _RUN.sub(_pairs, text)


def phrase_words(text: str) -> tuple[str, bool]:
    """Return what to look for, as a phrase, to find the text in ``indexed_words``; and whether it is a beginning only.

    A single character has no neighbour: it is the beginning of a pair.
    """
    words = _RUN.sub(_inner_pairs, text).split()
    return " ".join(words), bool(words) and len(words[-1]) == 1 and _RUN.match(words[-1]) is not None


def without_targets(markdown: str) -> str:
    """Return Markdown without the addresses of its links: they are nothing that anybody reads."""
    return _LINK_TARGET.sub("]", markdown) if "](" in markdown else markdown


def _pairs(run: re.Match[str]) -> str:
    text = run.group()
    return f" {' '.join(text[place : place + 2] for place in range(len(text)))} "


def _inner_pairs(run: re.Match[str]) -> str:
    text = run.group()
    return f" {' '.join(text[place : place + 2] for place in range(max(1, len(text) - 1)))} "
