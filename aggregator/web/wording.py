"""How times and durations are said to people."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from itertools import accumulate

_WIDE = frozenset("WF")
_GAP = re.compile(r"\s+")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SPELT = {"ai": "AI", "tv": "TV"}
_MARKS = frozenset({"Mn", "Mc", "Me"})
_LONGEST_WORD = 30  # characters that are looked through for the end of a word
_MOST_MINUTES, _MOST_HOURS = 60, 36  # that are said as such


def clock(moment: datetime) -> str:
    """Return the time of day."""
    return f"{moment:%H:%M}"


def day(moment: date) -> str:
    """Return the day of the week and the date."""
    return f"{moment:%A}, {moment.day} {moment:%B %Y}"


def stamp(moment: datetime) -> str:
    """Return date and time (UTC)."""
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def short(moment: datetime) -> str:
    """Return date and time, as little of them as can be."""
    return f"{moment.day} {moment:%b, %H:%M}"


def iso(moment: date) -> str:
    """Return a date or moment as programs read it."""
    return moment.isoformat()


def lasting(duration: timedelta) -> str:
    """Return a duration in the one unit that fits it: 1 min at least."""
    minutes = max(1, round(duration.total_seconds() / 60))
    if minutes < _MOST_MINUTES:
        return f"{minutes} min"
    hours = round(duration.total_seconds() / 3600)
    return f"{hours} h" if hours < _MOST_HOURS else f"{round(hours / 24)} days"


def cut(text: str, columns: int) -> str:
    """Return as much of a text as so many columns hold, an ideograph taking two; an ellipsis where there is more."""
    if len(text) * 2 <= columns:
        return text
    kept = min(len(text), columns) if text.isascii() else _fitting(text, columns)
    if kept == len(text):
        return text
    words, space, _ = text[:kept].rpartition(" ")
    return f"{words if space and len(words) > kept * 0.8 else text[:kept]}…"


def _fitting(text: str, columns: int) -> int:
    """Return how many letters of a text so many columns hold."""
    ends = accumulate(2 if unicodedata.east_asian_width(letter) in _WIDE else 1 for letter in text[: columns + 1])
    return sum(end <= columns for end in ends)


def topic(slug: str) -> str:
    """Return a topic as people read it: "ai-agents" is "AI agents". What is no slug stays as it is."""
    if not _SLUG.fullmatch(slug):
        return slug
    words = " ".join(_SPELT.get(word, word) for word in slug.split("-"))
    return words[:1].upper() + words[1:]


def within_words(text: str, start: int, end: int) -> str:
    """Return a piece of a text, with an ellipsis where there is more: less of it rather than a part of a word."""
    start, end = max(0, start), min(end, len(text))
    start, end = (start and word_start(text, start)), (end if end == len(text) else word_end(text, end))
    return f"{'… ' if start else ''}{text[start:end].strip() if start < end else ''}{' …' if end < len(text) else ''}"


def word_start(text: str, place: int) -> int:
    """Return where the next word begins, or the place itself where none does soon, as in scripts without spaces."""
    gap = _GAP.search(text, max(0, place - 1), place + _LONGEST_WORD)
    return gap.end() if gap else _grapheme(text, place)


def word_end(text: str, place: int) -> int:
    """Return where the last word that ends by then does, or the place itself where none does."""
    gaps = list(_GAP.finditer(text, max(0, place - _LONGEST_WORD), place + 1))
    return gaps[-1].start() if gaps else _grapheme(text, place)


def _grapheme(text: str, place: int) -> int:
    """Return the place, or the next one that parts no letter from its marks."""
    while 0 < place < len(text) and unicodedata.category(text[place]) in _MARKS:
        place += 1
    return place
