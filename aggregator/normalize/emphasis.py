"""Emphasis that CommonMark cannot express is dropped, so that its asterisks never show.

CommonMark 0.31, section 6.2: a run of asterisks opens or closes emphasis by the characters on its two sides.
"""

import re
import unicodedata

from aggregator.text.plain import LINE_TAGS, PARAGRAPH_TAGS

_EMPHASIS = frozenset(f"<{slash}{name}>" for name in ("b", "em", "i", "strong") for slash in ("", "/"))
_NAME = re.compile(r"</?[a-z0-9]+")
# What a tag shows next to its neighbour, as its first or last character. A break is a space, emphasis an asterisk.
_SHOWN = (
    dict.fromkeys(("<a", "</a", "<img"), "!")
    | dict.fromkeys(("<code", "</code", "<kbd", "</kbd", "<samp", "</samp", "<tt", "</tt", "<q", "</q"), "`")
    | dict.fromkeys(("<b", "</b", "<em", "</em", "<i", "</i", "<strong", "</strong"), "*")
)
_NEAR = 8  # tags without text between them to look across; beyond that, emphasis is dropped
_BREAKING = frozenset(mark + tag for tag in PARAGRAPH_TAGS | LINE_TAGS | {"td", "th"} for mark in ("<", "</"))


def drop_unsound_emphasis(tokens: list[str]) -> bool:
    """Empty the emphasis tags that would be read as asterisks; return whether there were any.

    Those are: empty, beside other emphasis, around a line break or a block, or with punctuation inside and a letter
    outside, as in ``<b>«a»</b>b``. ``tokens`` is well-formed HTML, text and tags by turns.
    """
    found = False
    opened: list[int] = []
    broken = 0  # the start tags before this count hold a break
    for number in range(1, len(tokens), 2):
        tag = tokens[number]
        if tag not in _EMPHASIS:
            broken = len(opened) if opened and _name(tag) in _BREAKING else broken
        elif tag[1] != "/":
            opened.append(number)
        else:
            start = opened.pop()
            if len(opened) < broken or not _is_sound(tokens, start, number):
                tokens[start] = tokens[number] = ""
                found = True
            broken = min(broken, len(opened))
    return found


def _is_sound(tokens: list[str], start: int, end: int) -> bool:
    return _flanks(_neighbour(tokens, start, -1), *_inner(tokens, start, 1)) and _flanks(
        _neighbour(tokens, end, 1), *_inner(tokens, end, -1)
    )


def _inner(tokens: list[str], number: int, step: int) -> tuple[str, bool]:
    """The first character inside, and whether there is a space before it, which the converter will move out."""
    text = tokens[number + step].strip(" \n\t")
    if text:
        edge = 0 if step > 0 else -1
        return text[edge], tokens[number + step][edge] != text[edge]
    return _neighbour(tokens, number, step), False


def _flanks(outside: str, inside: str, is_spaced: bool) -> bool:
    if "*" in (outside, inside) or inside.isspace():
        return False
    if is_spaced or outside.isspace() or not _is_mark(inside):
        return True
    # Symbols count as punctuation since 0.31 only: here they help nobody.
    return outside in "!`" or unicodedata.category(outside)[0] == "P"


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _neighbour(tokens: list[str], number: int, step: int) -> str:
    """The character that the tag at ``number`` meets in that direction."""
    for _ in range(_NEAR):
        text = tokens[number + step]
        if text:
            return text[0 if step > 0 else -1]
        number += 2 * step
        if not 0 <= number < len(tokens):
            return " "
        tag = _name(tokens[number])
        if tag in _BREAKING:
            return " "
        if tag in _SHOWN:
            return _SHOWN[tag]
    return "*"


def _name(tag: str) -> str:
    name = _NAME.match(tag)
    return name.group() if name else ""
