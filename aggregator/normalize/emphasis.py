"""Emphasis that CommonMark cannot express is dropped, so that its asterisks never show.

CommonMark 0.31, section 6.2: a run of asterisks opens or closes emphasis by the characters on its two sides.
"""

import re
import unicodedata

from aggregator.text.plain import LINE_TAGS, PARAGRAPH_TAGS

_TOKENS = re.compile(r"(<[^>]*>)")
_EMPHASIS = re.compile(r"<(/?)(?:b|em|i|strong)>")
_NAME = re.compile(r"</?[a-z0-9]+")
# What a tag shows next to its neighbour, as its first or last character. A break is a space, emphasis an asterisk.
_SHOWN = (
    dict.fromkeys(("<a", "</a", "<img"), "!")
    | dict.fromkeys(("<code", "</code", "<kbd", "</kbd", "<samp", "</samp", "<tt", "</tt", "<q", "</q"), "`")
    | dict.fromkeys(("<b", "</b", "<em", "</em", "<i", "</i", "<strong", "</strong"), "*")
)
_NEAR = 8  # tags without text between them to look across; beyond that, emphasis is dropped
_BREAKING = frozenset(mark + tag for tag in PARAGRAPH_TAGS | LINE_TAGS | {"td", "th"} for mark in ("<", "</"))


def with_sound_emphasis(well_formed: str) -> str:
    """Return the HTML less the emphasis that would be read as asterisks: empty, beside other emphasis, around a line
    break or a block, or with punctuation inside and a letter outside, as in ``<b>«a»</b>b``.
    """
    if _EMPHASIS.search(well_formed) is None:
        return well_formed
    tokens = _TOKENS.split(well_formed)
    opened: list[int] = []
    broken = 0  # the start tags before this count hold a break
    for number in range(1, len(tokens), 2):
        emphasis = _EMPHASIS.fullmatch(tokens[number])
        if emphasis is None:
            broken = len(opened) if _name(tokens[number]) in _BREAKING else broken
        elif not emphasis.group(1):
            opened.append(number)
        else:
            start = opened.pop()
            if len(opened) < broken or not _is_sound(tokens, start, number):
                tokens[start] = tokens[number] = ""
            broken = min(broken, len(opened))
    return "".join(tokens)


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
