"""What has changed between two readings of the settings, key by key, secrets masked (HT-16)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aggregator.model import Pattern
from aggregator.model.keep import PerFeed
from aggregator.settings.effective import MASK, NEVER, is_secret
from aggregator.settings.fixed import FIXED
from aggregator.settings.models import Settings
from aggregator.settings.positions import KeyPath
from aggregator.settings.section import Section
from aggregator.settings.values import duration_text, quoted, shown

_LONGEST = 200  # characters of a table

Described = Mapping[str, Any]  # dotted keys, and what JSON can hold; feeds are not among them


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One setting; None is not set, or for a whole table not there."""

    key: str
    before: Any
    after: Any

    @property
    def needs_restart(self) -> bool:
        """Whether a running daemon keeps the one before."""
        section, key, *_ = (*self.key.split("."), "")
        return key in FIXED.get(section, ())

    def __str__(self) -> str:
        """Return it in a line."""
        return f"{self.key}: {_text(self.before)} -> {_text(self.after)}"


def described(settings: Settings) -> dict[str, Any]:
    """Return every setting but feeds, those of outputs, groups and rules as a table under their name or number."""
    return {key: _plain(path, value) for key, path, value in _walk(settings)}


def differences(before: Described, after: Described) -> list[Difference]:
    """Return what differs, in the order of the reference; what is gone comes last."""
    return list(_differences("", before, after))


def told_of(before: Settings, after: Settings) -> list[str]:
    """Return the changes between two readings of one process, a line each: of secrets, that they changed."""
    lines = [str(each) for each in differences(described(before), described(after))]
    old, new = dict(_secrets(before)), dict(_secrets(after))
    both = [key for key in new if old.get(key) is not None and new[key] is not None]
    return [*lines, *(f"{key} changed" for key in both if old[key] != new[key])]


def _differences(above: str, before: Described, after: Described) -> Iterator[Difference]:
    for name in (*after, *(name for name in before if name not in after)):
        old, new = before.get(name), after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _differences(f"{above}{name}.", old, new)
        elif old != new:
            yield Difference(key=above + name, before=old, after=new)


def _walk(settings: Settings) -> Iterator[tuple[str, KeyPath, Any]]:
    for section in type(settings).model_fields:
        value = getattr(settings, section)
        if section == "feeds":
            continue
        if isinstance(value, Section):
            for name in type(value).model_fields:
                yield from _entries((section, name), getattr(value, name))
        else:
            yield from _entries((section,), value)


def _entries(path: KeyPath, value: Any) -> Iterator[tuple[str, KeyPath, Any]]:
    key = ".".join(map(str, path))
    if isinstance(value, tuple) and any(isinstance(each, Section) for each in value):
        for number, each in enumerate(value, 1):
            name = number if path == ("rules",) else each.name
            yield f"{key}.{name}", path, each
    else:
        yield key, path, value


def _plain(path: KeyPath, value: Any) -> Any:
    if isinstance(value, Section):
        return {name: _plain((*path, name), getattr(value, name)) for name in type(value).model_fields}
    if is_secret(path):
        return None if value in (None, {}) else MASK
    if isinstance(value, tuple):
        return [_plain(path, each) for each in value]
    if isinstance(value, dict):
        return {str(name): _plain(path, each) for name, each in value.items()}
    return NEVER.get(str(path[-1])) if value is None else _scalar(value)


def _scalar(value: Any) -> Any:
    match value:
        case bool() | int() | float():
            told: Any = value
        case timedelta():
            told = duration_text(value)
        case PerFeed(records=records):
            told = f"{records} per feed"
        case Pattern(text=text, is_regex=is_regex):
            told = {"regex": text} if is_regex else text
        case _:
            told = shown(str(value))
    return told


def _secrets(settings: Settings) -> Iterator[tuple[str, Any]]:
    for key, path, value in _walk(settings):
        if isinstance(value, Section):
            names = (name for name in type(value).model_fields if is_secret((*path, name)))
            yield from ((f"{key}.{name}", getattr(value, name)) for name in names)
        elif is_secret(path):
            yield key, value


def _text(value: Any) -> str:
    if value is None:
        return "not set"
    return quoted(value) if not isinstance(value, dict) else _table_text(value)


def _table_text(table: dict[str, Any]) -> str:
    """Return what a table says: of what is not set, nothing."""
    said = {name: value for name, value in table.items() if value not in (None, [], {})}
    text = json.dumps(said, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
