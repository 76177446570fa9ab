"""How alike two texts are. Cheap, symmetric where it can be, and never raising."""

import re
from collections import Counter
from difflib import SequenceMatcher
from urllib.parse import urlsplit

_WORD = re.compile(r"\w+")
_TARGET = re.compile(r"\]\([^()\s]*\)")
_TELLING_TITLE = 20  # characters: "Weather" and "Morning briefing" come back every day (DD-08)
_TELLING_PATH = 8  # characters: "/1" is on every site
_TELLING_WORDS = 48  # DD-10
_CUT = " \n.…[]()"
_LONGEST_TITLE = 300  # characters compared letter by letter


def plain_title(title: str) -> str:
    """Return the title as titles are compared: words only, in lower case."""
    return " ".join(_WORD.findall(title.casefold()))


def tells(title: str) -> bool:
    """Whether a title says so much that two stories hardly share it by chance (DD-08)."""
    return len(plain_title(title)) >= _TELLING_TITLE


def title_likeness(one: str, other: str) -> float:
    """Return 1.0 for equal titles, 0.0 for titles that have little in common, by letters in order."""
    one, other = plain_title(one)[:_LONGEST_TITLE], plain_title(other)[:_LONGEST_TITLE]
    if one == other:
        return 1.0
    mine, theirs = set(one.split()), set(other.split())
    if 2 * len(mine & theirs) < min(len(mine), len(theirs)):
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def body_likeness(one: str, other: str) -> float:
    """Return which share of the words of two bodies, links' targets aside, is common to both; 0.0 without words."""
    mine, theirs = _words(one), _words(other)
    total = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / total if total else 0.0


def word_count(body: str) -> int:
    """Return how many words a body has."""
    return _words(body).total()


def is_long(body: str) -> bool:
    """Whether a body has so many words that its likeness tells something (DD-10)."""
    return word_count(body) >= _TELLING_WORDS


def is_cut_short(new: str, old: str) -> bool:
    """Whether ``new`` is but the beginning of ``old``, or less than half of it (DD-04)."""
    rest = new.rstrip(_CUT)
    return len(new) < len(old) and (old.startswith(rest) or 2 * len(new) < len(old))


def beyond_host(url: str | None) -> str | None:
    """Return path and query of an http(s) URL or of a match key, where they are long enough to tell (ID-10)."""
    if not url:
        return None
    _, scheme, rest = url.partition("://")
    if scheme and not url.lower().startswith(("http://", "https://")):
        return None
    path = (rest if scheme else url).partition("/")[2].rstrip("/")
    return path if len(path) >= _TELLING_PATH else None


def host(url: str) -> str:
    """Return the host of a URL, "" where there is none."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _words(body: str) -> Counter[str]:
    return Counter(_WORD.findall(_TARGET.sub("]", body).casefold()))
