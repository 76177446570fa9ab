"""Overrides from the environment: ``AGGREGATOR__FETCH__TIMEOUT=90s`` is ``[fetch] timeout = "90s"``."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, get_origin

from aggregator.settings.document import Document
from aggregator.settings.models import Settings
from aggregator.settings.positions import KeyPath
from aggregator.settings.problems import Problem, nearest
from aggregator.settings.section import Section, table_of
from aggregator.settings.values import quoted

PREFIX = "AGGREGATOR__"


def overridden(document: Document, environ: Mapping[str, str]) -> tuple[Document, tuple[Problem, ...]]:
    """Return the document with every override in it, and the variables that name no key or hold no JSON.

    Lists, numbers and booleans are JSON; everything else is the text itself.
    """
    known = {f"{PREFIX}{'__'.join(path).upper()}": (path, is_json) for path, is_json in _keys(Settings)}
    problems: list[Problem] = []
    data, origins = {**document.data}, dict(document.origins)
    for variable in sorted(name for name in environ if name.startswith(PREFIX)):
        if variable not in known:
            message = f"unknown setting{nearest(variable, known, likeness=0.82)}"
            problems.append(Problem(file=variable, message=message, kind="unknown"))
            continue
        path, is_json = known[variable]
        try:
            value = json.loads(environ[variable]) if is_json else environ[variable]
        except ValueError:
            message = f'expected JSON, such as ["a", "b"], 3 or true, got {quoted(environ[variable])}'
            problems.append(Problem(file=variable, message=message))
            continue
        _set(data, path, value)
        origins[path] = variable
    return replace(document, data=data, origins=origins), tuple(problems)


def _keys(model: type[Section], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], bool]]:
    for name, field in model.model_fields.items():
        table = table_of(field.annotation)
        if table and get_origin(field.annotation) is not tuple:
            yield from _keys(table, (*above, name))
        else:
            yield (*above, name), field.annotation in {int, bool} or get_origin(field.annotation) is tuple


def _set(data: dict[str, Any], path: KeyPath, value: object) -> None:
    """Set a key one or two levels deep, leaving the tables that ``data`` shares with the file as they were."""
    *parents, name = map(str, path)
    for parent in parents:
        table = data.get(parent, {})
        if not isinstance(table, dict):
            return  # the file has no table there, which is a problem of its own
        data[parent] = data = {**table}
    data[name] = value
