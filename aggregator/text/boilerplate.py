"""What feeds add to a text that is no part of it: "Read more", "The post … appeared first on …", "[…]".

The rules are data, in ``boilerplate.toml`` beside this file. They are for summaries and plain text; a body keeps its
links.
"""

import functools
import re
import tomllib
from importlib.resources import files

_TAIL = 800  # characters: longer than any ending, and what bounds the cost for a long text
_MOST_ENDINGS = 8
# What an ending follows, unless it is all there is: a line end, the end of a sentence, a closing bracket or quote.
_BOUNDARY = re.compile(r"[\n.!?…。！？؟۔।:;\"”’»)\]」』]")
_LEAD = r"[\s\-–—|•·▶►→»\[(]*"
_TRAIL = r"[\s.…。»›>→⟶➔➜▶►\])!:|]*\Z"
_CUT_MARK = re.compile(r"\s*[\[(]\s*(?:…|\.{2,})\s*[\])][\s.]*\Z")


def without_boilerplate(text: str) -> str:
    """Return the text less its added endings and lines; a text that was cut (``[…]``, ``[...]``) ends in "…"."""
    text = "\n".join(line for line in text.split("\n") if _line().fullmatch(line) is None).strip()
    for _ in range(_MOST_ENDINGS):
        shorter = _without_ending(text)
        if shorter == text:
            break
        text = shorter
    cut = _CUT_MARK.search(text, max(0, len(text) - 16))
    return f"{text[: cut.start()]}…" if cut else text


def _without_ending(text: str) -> str:
    tail = max(0, len(text) - _TAIL)
    if tail == 0 and _endings().match(text):
        return ""
    for boundary in _BOUNDARY.finditer(text, tail):
        if _endings().match(text, boundary.end()):
            return text[: boundary.end()].rstrip()
    return text


@functools.cache
def _endings() -> re.Pattern[str]:
    return re.compile(rf"{_LEAD}(?:{_alternatives('endings')}){_TRAIL}", re.IGNORECASE)


@functools.cache
def _line() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{_alternatives('lines')})\s*", re.IGNORECASE)


def _alternatives(kind: str) -> str:
    rules = tomllib.loads(files("aggregator.text").joinpath("boilerplate.toml").read_text(encoding="utf-8"))
    return "|".join(f"(?:{pattern})" for pattern in rules[kind])
