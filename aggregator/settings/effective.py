"""Which settings count, and who says so: a line of the file, a variable of the environment, or nobody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from aggregator.settings.document import Document
from aggregator.settings.load import Examined
from aggregator.settings.positions import KeyPath, line_column
from aggregator.settings.section import Section, table_of
from aggregator.settings.values import duration_text, shown

MASK = "***"
_PERSONAL = frozenset({"headers", "user", "password", "proxy", "auth", "secret", "api_key", "token"})
NEVER = {"keep": "forever", "trust_unchanged": "forever"}  # as which None is written


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One value: as TOML and JSON write it, secrets masked; None where there is none, and no default."""

    path: KeyPath
    value: Any
    origin: str  # "file:line", a variable's name, or "default"


def effective(examined: Examined) -> Iterator[Setting]:
    """Yield every setting in the order of the reference, but feeds, whose list is a command of its own."""
    assert examined.settings is not None
    yield from _section(examined.settings, examined.document, ())


def _section(section: Section, document: Document, above: KeyPath) -> Iterator[Setting]:
    for name, field in type(section).model_fields.items():
        path, value = (*above, name), getattr(section, name)
        if path == ("feeds",):
            continue
        is_table = table_of(field.annotation) is not None
        if is_table and isinstance(value, tuple) and value:
            for at, each in enumerate(value):
                yield from _section(each, document, (*path, at))
        elif is_table and isinstance(value, Section) and not is_secret(path):
            yield from _section(value, document, path)
        else:
            written = _at(document.data, path)
            yield Setting(path=path, value=_told(path, value, written), origin=_origin(document, path, written))


def _told(path: KeyPath, value: Any, written: Any) -> Any:
    if is_secret(path):
        return None if value in (None, {}) else MASK
    match value:
        case None:
            told: Any = NEVER.get(str(path[-1]))
        case timedelta():
            told = duration_text(value)
        case str() | Path():
            told = shown(str(value))
        case tuple():
            told = [shown(str(each)) for each in value]
        case bool() | int():
            told = value
        case _:
            told = written  # rules' words, and what else has a form of its own
    return told


def is_secret(path: KeyPath) -> bool:
    """Whether a value is personal, or often is, as a webhook's address (HT-16)."""
    return bool(_PERSONAL & set(path)) or (path[0] == "webhook" and path[-1] == "url")


def _origin(document: Document, path: KeyPath, written: Any) -> str:
    for length in range(len(path), 0, -1):
        if path[:length] in document.origins:
            return document.origins[path[:length]]
    if written is None or path not in document.spans:
        return "default"
    line, _ = line_column(document.text, document.spans[path].key)
    return f"{document.file}:{line}"


def _at(data: Any, path: KeyPath) -> Any:
    """Return what the file says at a path, None where it says nothing."""
    for part in path:
        if isinstance(data, Mapping):
            data = data.get(str(part))
        elif isinstance(data, list) and isinstance(part, int):
            data = data[part]
        else:
            return None
    return data
