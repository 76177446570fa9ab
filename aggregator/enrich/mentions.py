"""Runs of words with capitals in a text, and what their places say: the raw material of names."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_UPPER = "".join(filter(str.isupper, map(chr, (*range(0x41, 0x530), *range(0x1E00, 0x2000)))))
_LETTER = (
    r"0-9A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u058f\u1e00-\u1fff"  # of scripts that have capitals, and digits
)
_WORD = (
    rf"(?:(?:Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Prof|Capt|Maj|Rev|Hon)\.(?=[ ])"
    rf"|(?:[{_UPPER}]\.)+(?:[{_UPPER}](?!\w))?"
    rf"|(?:[a-z]{{1,2}}|(?:mac|watch|vision)(?=OS)|d['’]|al-|el-)?[{_UPPER}][{_LETTER}]*+(?!_)(?:['’\-&][{_LETTER}]++(?!_))*"
    r"(?:[+]{1,2}|(?<=[CFQ])#|\.(?:js|NET|com|org|io|ai|rb)(?!\w))?)"
)
# The small words that may join two parts of a name; `names.py` says when they do.
JOINTS = (
    *(
        "of the",
        "of",
        "for the",
        "for",
        "and",
        "&",
        "de la",
        "de los",
        "del",
        "de",
        "du",
        "das",
        "dos",
        "da",
        "do",
        "di",
        "della",
    ),
    *("van der", "van den", "van", "von", "zu", "bin", "ibn", "al", "el", "la", "le", "y"),
)
_NO_CODE = r"(?!\.[a-z]\w*\(|<\w|\(\)|::)"  # "User.save()", "List<Post>"
_RUN = re.compile(rf"(?<![{_LETTER}_@#/.&<]){_WORD}(?: (?:(?:{'|'.join(JOINTS)}) )?{_WORD}){{0,9}}{_NO_CODE}")
_ARTICLES = frozenset(
    ("the", "a", "an", "this", "that", "these", "those", "its", "his", "her", "their", "our", "my", "your", "no",
     "every", "each")
)  # fmt: skip
_DIGITS = "0123456789:."
_NUMBER = 8  # characters, and what stands before
_ARTICLE = 8  # characters, with the spaces beside it
_STOPS = frozenset(".!?:;\n…\t|>—–")
_QUOTES = frozenset('"“”„«»‘')
_BULLETS = frozenset("-•·")
_SKIPPED = _QUOTES | frozenset(" ([{*_•'’")


class Run(NamedTuple):
    """Words with capitals in a row, and the small words that join them."""

    words: list[str]
    opens: bool  # it begins a sentence or a quotation: the first capital may say nothing
    has_article: bool  # before it, or another word that goes before plain words
    is_quoted: bool  # and nothing but it
    start: int  # in the text
    end: int


def runs(text: str) -> Iterator[Run]:
    """Yield the runs of a text, in order."""
    for match in _RUN.finditer(text):
        start, end = match.span()
        is_quoted = text[start - 1 : start] in _QUOTES and text[end : end + 1] in _QUOTES
        yield Run(
            match.group().split(" "),
            not is_quoted and _opens(text, start),
            _has_article(text, start),
            is_quoted,
            start,
            end,
        )


def _has_article(text: str, start: int) -> bool:
    before = text[max(0, start - _ARTICLE) : start].split()
    return bool(before) and before[-1].lower() in _ARTICLES


def _opens(text: str, start: int) -> bool:
    at = start - 1
    quoted = False
    while at >= 0 and text[at] in _SKIPPED:
        quoted = quoted or text[at] in _QUOTES
        at -= 1
    if at >= 0 and text[at].isdigit():  # "2. Wages", "16:20 The end"
        before = text[max(0, at - _NUMBER) : at + 1].rstrip(_DIGITS)
        return not before.strip(" ") or before.endswith("\n")
    return quoted or at < 0 or text[at] in _STOPS or (text[at] in _BULLETS and text[at - 1 : at].strip() == "")
