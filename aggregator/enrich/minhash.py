"""A short signature of a text, by which near copies of it are found without comparing texts.

The share of places in which two signatures agree estimates the share of three-word sequences that the texts have in
common (MinHash). One hash of a sequence serves all places: it falls into the place that it names, and the smallest of a
place wins; places left empty are filled in further rounds with other hashes (Dahlgaard, Knudsen and Thorup, "Fast
similarity sketching", 2017). So a text of any length costs one pass or two, and short ones are not misjudged.
"""

import re
from collections.abc import Set as AbstractSet
from zlib import crc32

_PLACES = 64
_FEWEST_WORDS = 20  # fewer say too little to be somebody's copy; nor do a few words again and again
_LONGEST = 10_000  # characters that are looked at: a copy is one from its beginning
_MASK = 2**32 - 1
# Factor and addend of each round's hash. A text that is not through by then was made to be so.
_ROUNDS = tuple((pow(0x9E3779B1, place + 1, 2**32), place * 0x85EBCA6B & _MASK) for place in range(64))
_LATIN = re.compile(rb"[a-z0-9]+")
# Scripts written without spaces: Thai, Lao, Burmese, Khmer, kana, Han. There each character stands for a word.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Not by \W, to which the vowel signs of Indic scripts are no part of a word.
_BETWEEN = (
    r"\s\x00-/:-@\[-`{-\xbf\u037e\u0387\u055a-\u055f\u05be-\u05f4\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965"
    r"\u2000-\u206f\u2e00-\u303f\ufe0e\ufe0f\uff00-\uff0f\uff1a-\uff20"
)
_ANY = re.compile(f"[{_UNSPACED}]|[^{_UNSPACED}{_BETWEEN}]+")


def signature(text: str) -> bytes | None:
    """Return 64 bytes, of which near copies of the text share at least half in place; None for a text under 20 words.

    Case, punctuation and white space make no difference. The same for the same text in every process, on every machine.
    """
    words = _words(text)
    if len(words) < _FEWEST_WORDS:
        return None
    hashes = set(map(crc32, map(b" ".join, zip(words, words[1:], words[2:], strict=False))))
    return _sketch(hashes) if len(hashes) >= _FEWEST_WORDS - 2 else None


def _words(text: str) -> list[bytes]:
    folded = text[:_LONGEST].casefold()
    if folded.isascii():
        return _LATIN.findall(folded.encode())
    return [word.encode("utf-8", "surrogatepass") for word in _ANY.findall(folded)]


def _sketch(hashes: AbstractSet[int]) -> bytes | None:
    places: dict[int, int] = {}
    for factor, addend in _ROUNDS:
        spread = sorted([value * factor + addend & _MASK for value in hashes], reverse=True)
        # The smallest of a place is the last, and stays; what an earlier round found is not touched.
        places = {value >> 26: value & 255 for value in spread} | places
        if len(places) == _PLACES:
            return bytes([places[place] for place in range(_PLACES)])
    return None
