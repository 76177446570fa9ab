"""Runs of words with capitals in a text, and what their places say: the raw material of names."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_UPPER = "".join(filter(str.isupper, map(chr, (*range(0x41, 0x530), *range(0x1E00, 0x2000)))))
_LETTER = (
    r"0-9A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u058f\u1e00-\u1fff"  # of scripts that have capitals, and digits
)
_WORD = (
    rf"(?:(?:Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Prof|Capt|Maj|Rev|Hon)\.(?=[ ])"
    rf"|(?:[{_UPPER}]\.)+(?:[{_UPPER}](?!\w))?"
    rf"|(?:[a-z]|(?:mac|watch|vision|tv|iPad)(?=OS)|d['’]|al-|el-)?[{_UPPER}][{_LETTER}]*+(?!_)(?:['’\-&][{_LETTER}]++(?!_))*"
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
        "des",
        "dei",
        "degli",
        "delle",
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
_RUN = re.compile(rf"(?<![{_LETTER}_@#/.&<;]){_WORD}(?: (?:(?:{'|'.join(JOINTS)}) )?{_WORD}){{0,9}}{_NO_CODE}")
_ARTICLES = frozenset(
    ("the", "a", "an", "this", "that", "these", "those", "its", "his", "her", "their", "our", "my", "your", "no",
     "every", "each", "le", "la", "les", "l'", "l’", "un", "une", "el", "los", "las", "una", "il", "lo", "gli", "i",
     "dell'", "all'", "nell'", "sull'", "du", "au", "aux", "des", "al", "del", "het", "een")
)  # fmt: skip
_GOES_ON = re.compile(r" (?:de|du|des|del|della|di|do|da) [a-zà-ÿ]")  # "Autorité de régulation"
_SAID = re.compile(r"[.!?…]+[ \n]")
_COUNTED = re.compile(r"[^\W\d_]{3,}")
_LEAST_WORDS = 4  # with a capital, in a heading or a list
_MOST_PLAIN = 0.2  # of them: so many others it may have
_SMALL = frozenset(
    ("the", "and", "for", "with", "from", "but", "nor", "via", "per", "über", "und", "les", "des", "aux", "los", "las",
     "una", "del", "che", "con", "dei", "van", "het", "och", "med", "til")
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
    may_be_noun: bool  # an article goes before it, or "of" and a plain word behind
    in_heading: bool  # all around it has capitals too
    is_quoted: bool  # and nothing but it
    is_sentence: bool  # it is all that a sentence says: "Yeah."
    start: int  # in the text
    end: int


def runs(text: str, *, ends: str = "\n") -> Iterator[Run]:
    """Yield the runs of a text, in order. A heading is what stands between ``ends``, characters of a regular class."""
    found = list(_RUN.finditer(text))
    headings = list(_headings(text, found, ends))
    at = 0
    for match in found:
        start, end = match.span()
        while at < len(headings) and headings[at][1] <= start:
            at += 1
        is_quoted = text[start - 1 : start] in _QUOTES and text[end : end + 1] in _QUOTES
        opens = not is_quoted and _opens(text, start)
        yield Run(
            match.group().split(" "),
            opens,
            _has_article(text, start) or bool(_GOES_ON.match(text, end)),
            at < len(headings) and headings[at][0] <= start,
            is_quoted,
            opens and bool(_SAID.match(text, end)),
            start,
            end,
        )


def _headings(text: str, found: Sequence[re.Match[str]], ends: str) -> Iterator[tuple[int, int]]:
    """Yield where capitals say nothing, as nearly every word has one."""
    at = 0
    for part in re.finditer(f"[^{ends}]+", text):
        covered = 0
        while at < len(found) and found[at].start() < part.end():
            covered += found[at].end() - found[at].start()
            at += 1
        if 2 * covered > part.end() - part.start() and _is_heading(part.group()):
            yield part.span()


def _is_heading(text: str) -> bool:
    words: list[str] = [word for word in _COUNTED.findall(text) if word not in _SMALL]
    capitals = sum(word[0].isupper() for word in words)
    return capitals >= _LEAST_WORDS and len(words) - capitals < _MOST_PLAIN * capitals


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
