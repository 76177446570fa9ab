"""Characters that nobody sees and programs read: what is more of them than a script or an emoji needs.

They are kept, since text is what a feed says (OI-13); what has them is flagged.
"""

import re

# Whether there are any, in UTF-8: bytes are the quickest to look through.
_ANY = re.compile(b"\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81|\xef[\xb8\xbb]|\xf3\xa0|\xe1\xa0\x8e")
_ZERO = "\u180e\u200b-\u200d\u2060-\u2064\ufeff"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Scripts that join and part their letters without any help. Elsewhere a single one is orthography (ZWNJ in Persian, ZWJ
# in Sinhala, U+200B in Thai), and between other characters it is where a line may break.
_LETTER = "A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff"
# An emoji needs two in a row at most: a selector and a joiner.
_HIDING = re.compile(f"[{_ZERO}{_SELECTORS}]{{3,}}|(?<=[{_LETTER}])[{_ZERO}]+(?=[{_LETTER}])")
_OVERRIDE = re.compile("[\u202d\u202e]")
_BIDI_LINE = re.compile("[^\n]*[\u202a\u202b\u2066-\u2068][^\n]*")
_PAIRS = (("\u202a\u202b", "\u202c"), ("\u2066\u2067\u2068", "\u2069"))
_FLAG_EMOJI = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,10}\U000e007f")
_TAG = re.compile("[\U000e0000-\U000e007f]")


def invisible_flags(text: str) -> tuple[str, ...]:
    """Return which tricks the text plays with characters that show nothing.

    "zero_width": within a word of a script that has no use for them, or three in a row; "bidi_override": the direction
    of letters is overridden, or changed and not changed back in the same line; "tag_characters": but in flags.
    """
    if text.isascii() or _ANY.search(text.encode(errors="replace")) is None:
        return ()
    found = {
        "zero_width": _HIDING.search(text) is not None,
        "bidi_override": _OVERRIDE.search(text) is not None or any(map(_stays_open, _BIDI_LINE.findall(text))),
        "tag_characters": _TAG.search(_FLAG_EMOJI.sub("", text)) is not None,
    }
    return tuple(flag for flag, is_there in found.items() if is_there)


def _stays_open(line: str) -> bool:
    return any(sum(map(line.count, openers)) > line.count(closer) for openers, closer in _PAIRS)
