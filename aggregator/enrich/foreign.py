"""Names in languages other than English: what their scripts and their honorifics say, and else nothing."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# Languages that are not written in Latin letters: most of them without capitals.
_NO_LATIN = frozenset(
    ("am", "ar", "bn", "ckb", "fa", "gu", "he", "hi", "hy", "ja", "ka", "km", "kn", "ko", "lo", "ml", "mr", "my", "ne",
     "pa", "ps", "sd", "si", "ta", "te", "th", "ti", "ur", "yi", "zh", "be", "bg", "el", "kk", "ky", "mk", "mn", "ru",
     "sr", "tg", "uk")
)  # fmt: skip
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_OTHER = re.compile(r"[\u0370-\u058f\u1f00-\u1fff]")

_KATAKANA = r"[\u30a1-\u30f4\u30fc]"
_IDEOGRAPH = r"[\u4e00-\u9fff]"
# Marks of titles, and who has an honorific behind his name.
_MARKED = {
    "zh": re.compile(r"(?P<work>(?<=\u300a)[^\W\d_]{2,10}(?=\u300b))"),
    "ja": re.compile(
        rf"(?P<person>{_KATAKANA}{{2,12}}(?:\u30fb{_KATAKANA}{{2,12}}){{0,3}}(?=氏|大統領|首相|監督|選手|容疑者|被告|博士|教授))"
        rf"|(?P<kanji>(?<!{_IDEOGRAPH}){_IDEOGRAPH}{{2,5}}(?=氏(?!{_IDEOGRAPH})))"
        r"|(?P<work>(?<=\u300a)[^\W\d_]{2,10}(?=\u300b))"
    ),
    "ko": re.compile(r"(?P<person>(?<![\uac00-\ud7a3])[\uac00-\ud7a3]{2,4}(?= 씨(?![\uac00-\ud7a3]{2})))"),
}


class Marked(NamedTuple):
    """What a text in a script without capitals marks as a name."""

    name: str
    start: int
    end: int
    is_person: bool


def marked(text: str, language: str) -> Iterator[Marked]:
    """Yield the titles in title marks, and the people with an honorific behind them."""
    pattern = _MARKED.get(language)
    for match in pattern.finditer(text) if pattern else ():
        yield Marked(match.group(), match.start(), match.end(), match.lastgroup != "work")


def has_own_script(language: str) -> bool:
    """Whether a language is written in another script than Latin, so that Latin letters are a guest's."""
    return language in _NO_LATIN


def is_latin(word: str) -> bool:
    """Whether a word begins in the Latin script."""
    return bool(_LATIN.match(word))


def mixes_scripts(word: str) -> bool:
    """Whether a word is two, stuck together: "Stingerвторого"."""
    return bool(_OTHER.search(word) and _LATIN.search(word))
