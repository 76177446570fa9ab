"""How much of an entry is kept (XM-29), and text that can be stored anywhere (XM-17, XM-18)."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from aggregator.text.plain import clean_text, one_line

_T = TypeVar("_T")

TITLE = 4_096  # characters, as all of these but the counts
TEXT = 1_000_000
GUID = 4_096
NAME = 256
AUTHORS = 50
CATEGORIES = 100
ENCLOSURES = 50
HUBS = 5


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def newest(values: Sequence[_T], most: int, date: Callable[[_T], datetime | None]) -> Sequence[_T]:
    """Return at most so many values, the newest of them, in their order; those without a date go first (DD-14)."""
    if len(values) <= most:
        return values
    ages = [date(value) or _LONG_AGO for value in values]
    kept = sorted(range(len(values)), key=lambda index: ages[index], reverse=True)[:most]
    return [values[index] for index in sorted(kept)]


def label(value: object) -> str | None:
    """Return a short label such as a media type or a language tag on one line, or None where there is none."""
    return (one_line(value[:NAME]) or None) if isinstance(value, str) else None


class Cut:
    """Shortens what is too long and remembers the names of the fields it shortened."""

    __slots__ = ("_names",)

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that lost something, in the order they were cut."""
        return tuple(self._names)

    def text(self, field: str, value: str, cap: int = TEXT) -> str:
        """Return clean text of at most ``cap`` characters, without whitespace around it."""
        return clean_text(self._first(field, value, cap)).strip()

    def guid(self, value: str) -> str | None:
        """Return the guid trimmed (ID-01), None where it is blank; a very long one ends in a hash of the whole."""
        text = clean_text(value).strip()
        if len(text) <= GUID:
            return text or None
        self._names["guid"] = None
        return f"{text[: GUID - 33]} {hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"

    def names(self, field: str, values: Iterable[str], most: int) -> tuple[str, ...]:
        """Return the first ``most`` different names, each on one line."""
        kept: dict[str, None] = {}
        for value in values:
            name = one_line(self._first(field, value, NAME))
            if name in kept or not name:
                continue
            if len(kept) == most:
                self._names[field] = None
                break
            kept[name] = None
        return tuple(kept)

    def most(self, field: str, values: list[_T], most: int) -> tuple[_T, ...]:
        """Return at most so many values."""
        if len(values) > most:
            self._names[field] = None
        return tuple(values[:most])

    def _first(self, field: str, value: str, cap: int) -> str:
        if len(value) <= cap:
            return value
        self._names[field] = None
        return value[:cap]
