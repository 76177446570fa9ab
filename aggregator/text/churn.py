"""What changes in a text although nobody edited it: counters of views and comments, "5 minutes ago".

The rules are data, in ``churn.toml`` beside this file.
"""

import functools
import re
import tomllib
from importlib.resources import files
from typing import NamedTuple

# It starts with what it looks for, and looks back after that: so the text before costs a third.
_NUMBER = re.compile(r"\d(?<![\w.,'].)\d{0,3}(?:[.,'\u00a0\u202f]?\d{1,3})*(?: ?[km]\b)?", re.IGNORECASE)
_OPENING = frozenset(":=([：（")
_REACH = 40  # characters before a number that can belong to it


class _Rules(NamedTuple):
    after: re.Pattern[str]
    before: re.Pattern[str]
    around: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    phrases: re.Pattern[str]


def without_churn(text: str) -> str:
    """Return the text less its counters and relative times, for comparing it with another wording (DD-02).

    Only what stands beside a number is looked at, so that a text without numbers costs next to nothing.
    """
    rules = _rules()
    if " ago" in text or "just now" in text or "Just now" in text:
        text = rules.phrases.sub("", text)
    kept: list[str] = []
    done = 0
    for number in _NUMBER.finditer(text):
        span = _span(text, number.start(), number.end(), rules)
        if span is not None and span[0] >= done:
            kept.append(text[done : span[0]])
            done = span[1]
    return "".join((*kept, text[done:])) if done else text


def _span(text: str, start: int, end: int, rules: _Rules) -> tuple[int, int] | None:
    """Return what is churn around the number at ``start``, or None."""
    if (after := rules.after.match(text, end)) is not None:
        return start, after.end()
    lead = text[max(0, start - _REACH) : start]
    if lead.rstrip()[-1:] in _OPENING and (before := rules.before.search(lead)) is not None:
        return start - len(lead) + before.start(), end
    for opening, closing in rules.around:
        if (after := closing.match(text, end)) and (before := opening.search(lead)):
            return start - len(lead) + before.start(), after.end()
    return None


@functools.cache
def _rules() -> _Rules:
    rules = tomllib.loads(files("aggregator.text").joinpath("churn.toml").read_text(encoding="utf-8"))

    def any_of(patterns: list[str], end: str = "") -> re.Pattern[str]:
        return re.compile(f"(?:{'|'.join(patterns)}){end}", re.IGNORECASE)

    return _Rules(
        after=any_of(rules["after"]),
        before=any_of([rf"(?<!\w)(?:# ?)?{pattern}" for pattern in rules["before"]], r"\Z"),
        around=tuple((any_of([opening], r"\Z"), any_of([closing])) for opening, closing in rules["around"]),
        phrases=any_of([rf"\b(?:{pattern})\b" for pattern in rules["phrases"]]),
    )
