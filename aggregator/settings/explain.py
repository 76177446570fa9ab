"""pydantic's findings -> problems: a place, what was expected there, and the name that was perhaps meant."""

from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aggregator.settings.checks import Context
from aggregator.settings.document import Document
from aggregator.settings.positions import KeyPath
from aggregator.settings.problems import Problem, nearest
from aggregator.settings.section import Section, table_of
from aggregator.settings.values import quoted

_EXPECTED = {
    "string_type": "expected a string, got {got}",
    "int_type": "expected a whole number, got {got}",
    "bool_type": "expected true or false, got {got}",
    "tuple_type": "expected a list, got {got}",
    "model_type": "expected a table, got {got}",
    "dict_type": "expected a table, got {got}",
    "literal_error": "expected {expected}, got {got}",
    "greater_than_equal": "expected at least {ge}, got {got}",
    "less_than_equal": "expected at most {le}, got {got}",
}
# Keys whose values are not repeated (HT-16).
_SECRET = frozenset({"headers", "proxy", "auth", "secret", "api_key", "token", "password"})
S = TypeVar("S", bound=Section)


def validated(document: Document, model: type[S], context: Context) -> tuple[S | None, tuple[Problem, ...]]:
    """Return the model that the document fills, or None and every problem in it."""
    try:
        return model.model_validate(document.data, context=context), ()
    except ValidationError as error:
        return None, tuple(_problem(detail, document, model) for detail in error.errors(include_url=False))


def _problem(detail: ErrorDetails, document: Document, model: type[Section]) -> Problem:
    path: KeyPath = detail["loc"]
    if detail["type"] == "extra_forbidden":
        return document.problem(path, _unknown(path, detail["input"], model), at="key", kind="unknown")
    if detail["type"] == "missing":
        return document.problem(path, f"{_dotted(path[:-1])}: {path[-1]} is missing", kind="missing")
    return document.problem(path, f"{_dotted(path)}: {_wrong(detail)}")


def _unknown(path: KeyPath, value: object, model: type[Section]) -> str:
    name, names = str(path[-1]), sorted(_keys(path[:-1], model))
    what = "table" if isinstance(value, dict) else "key"
    expected = f"expected one of {', '.join(names)}"
    return f'unknown {what} "{_dotted(path)}"{nearest(name, names)} ({expected})'


def _keys(path: KeyPath, model: type[Section]) -> list[str]:
    """Return the keys that the table at ``path`` may hold."""
    for part in path:
        if isinstance(part, str):
            model = table_of(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _wrong(detail: ErrorDetails) -> str:
    if detail["type"] == "tuple_type" and isinstance(detail["input"], dict):
        return f"expected a list of tables ([[{detail['loc'][-1]}]] in double brackets), got one table"
    context = detail.get("ctx", {})
    template = _EXPECTED.get(detail["type"], "{error}" if "error" in context else detail["msg"])
    return template.format(got="a secret" if _SECRET & set(detail["loc"]) else quoted(detail["input"]), **context)


def _dotted(path: KeyPath) -> str:
    return ".".join(part for part in path if isinstance(part, str) and part != "[key]")  # pydantic's own word
