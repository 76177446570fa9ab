"""Boilerplate that leaves the body too: endings that a machine wrote, images that tell on their reader."""

import functools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape, unescape
from pathlib import Path
from typing import Any

from aggregator.text.boilerplate import Cut, compiled, rules_of

_TAIL = 8000  # characters of HTML: an ending with all its links
_TAGS = re.compile(r"(<[^>]*>)")
_QUOTES = frozenset({"<q>", "</q>"})  # which the text has as characters
_EMPTY = re.compile(
    r"<(a|b|center|div|em|footer|h[1-6]|i|li|ol|p|section|strong|ul)(?: [^>]*)?>(?:\s|&nbsp;|<br>)*</\1>",
)
_IMAGE = re.compile(r'<img src="([^"]*)"[^>]*>')


def without_endings(well_formed: str, text: str, cuts: Sequence[Cut]) -> str:
    """Return HTML that a sanitiser wrote less those of ``cuts`` that leave the body.

    ``text`` is what ``markup_text`` returned for it, and what the cuts are of. A body of nothing else stays as it is.
    """
    leaving = [cut for cut in cuts if cut.from_body]
    if not leaving or _letters(text) == sum(_letters(text[cut.start : cut.end]) for cut in leaving):
        return well_formed
    begin = max(0, well_formed.find("<", len(well_formed) - _TAIL)) if len(well_formed) > _TAIL else 0
    tokens = _TAGS.split(well_formed[begin:])
    taken = 0
    for cut in reversed(leaving):
        letters = _letters(text[cut.start : cut.end])
        _take(tokens, _letters(text[cut.end :]) - taken, letters)
        taken += letters
    tail = "".join(tokens)
    while (shorter := _EMPTY.sub("", tail)) != tail:
        tail = shorter
    return well_formed[:begin] + tail


def without_images(well_formed: str, removed: Counter[str], own: Path | None = None) -> str:
    """Return HTML that a sanitiser wrote less the images of the rules; ``removed`` counts them by the rule's name.

    ``own`` is a file of the operator's rules.
    """
    if "<img" not in well_formed or _any_image(own).search(well_formed) is None:
        return well_formed

    def kept(image: re.Match[str]) -> str:
        name = next((name for name, pattern in _images(own) if pattern.match(image.group(1))), None)
        if name is None:
            return image.group()
        removed[name] += 1
        return ""

    return _IMAGE.sub(kept, well_formed)


def _take(tokens: list[str], after: int, letters: int) -> None:
    """Empty so many letters of the text among ``tokens``, text and tags by turns, that so many others follow."""
    for number in range(len(tokens) - 1, -1, -1):
        token = tokens[number]
        if number % 2:
            passed = int(token in _QUOTES)
            letters -= min(letters, max(0, passed - after))
        else:
            said = unescape(token).replace("\xa0", " ") if "&" in token else token
            passed = _letters(said)
            end = _place(said, after)
            start = _place(said, after + letters)
            if start < end:
                tokens[number] = escape(said[:start] + said[end:], quote=False)
            letters -= max(0, min(letters, passed - after))
        after = max(0, after - passed)
        if letters == 0:
            return


def _place(said: str, letters: int) -> int:
    """Return where the last so many letters of a text begin."""
    for place in range(len(said), 0, -1):
        if letters == 0:
            return place
        letters -= not said[place - 1].isspace()
    return 0


def _letters(text: str) -> int:
    return len("".join(text.split()))


@functools.cache
def _any_image(own: Path | None) -> Any:
    return compiled(f'<img src="(?:{"|".join(map(_any_of, rules_of("image", own)))})')


@functools.cache
def _images(own: Path | None) -> tuple[tuple[str, Any], ...]:
    return tuple((rule["name"], compiled(_any_of(rule))) for rule in rules_of("image", own))


def _any_of(rule: Mapping[str, Any]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in rule["patterns"])
