"""aggregator.toml as JSON Schema, for editors: every key, its type, its default and what the annotated file says."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, get_args

from pydantic.fields import FieldInfo

from aggregator.settings.models import Settings
from aggregator.settings.section import Section, table_of
from aggregator.settings.values import duration_text

_DURATION = {"type": "string", "pattern": r"^([0-9]{1,7}(ms|[dhms]))+$", "examples": ["90s", "15m", "2h", "1d"]}
_WHERE = [
    {"type": "object", "properties": {name: {"type": "string"}}, "required": [name], "additionalProperties": False}
    for name in ("env", "file")
]
_SECRET = {"anyOf": [{"type": "string"}, *_WHERE]}
_SECRETS = frozenset({"token", "proxy", "api_key", "secret", "user", "password"})
_WORDS = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"regex": {"type": "string"}},
            "required": ["regex"],
            "additionalProperties": False,
        },
    ]
}
# What is written for a value that is read by a check of ours, by the name of the type that it becomes.
_WRITTEN: dict[str, dict[str, Any]] = {
    "timedelta": _DURATION,
    "int": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string"}]},
    "Pattern": _WORDS,
    "tuple": {"type": "array", "items": {"type": "string"}, "minItems": 1},
}
# Keys whose values are more than their types say: "forever" among durations, words in place of a list.
_FREE: dict[str, dict[str, Any]] = {
    "keep": {"type": "string"},
    "trust_unchanged": {"type": "string"},
    "spacy": {"anyOf": [{"enum": ["auto", "off"]}, {"type": "array", "items": {"type": "string"}}]},
}
_OPEN = ("type", "anyOf", "$ref", "enum")
_KEY = re.compile(r"#?([a-z_]+) = ")
_TABLE = re.compile(r"#?\[+([a-z_.]+)\]+")


def schema(annotated: str) -> dict[str, Any]:
    """Return the schema; ``annotated`` is the text of the annotated configuration, whose remarks it repeats."""
    made = Settings.model_json_schema()
    made |= {"$schema": "http://json-schema.org/draft-07/schema#", "title": "aggregator.toml"}
    remarks = dict(_remarks(annotated))
    for section, path in _sections(Settings, ""):
        table = made if section is Settings else made["$defs"][section.__name__]
        for name, field in section.model_fields.items():
            table["properties"][name] = _property(table["properties"][name], name, field)
            if said := remarks.get(f"{path}{name}"):
                table["properties"][name]["description"] = said
    made["definitions"] = made.pop("$defs")
    return dict(_renamed(made))


def _sections(section: type[Section], path: str) -> Iterator[tuple[type[Section], str]]:
    yield section, path
    for name, field in section.model_fields.items():
        if table := table_of(field.annotation):
            yield from _sections(table, f"{path}{name}.")


def _property(made: dict[str, Any], name: str, field: FieldInfo) -> dict[str, Any]:
    """Return a key's schema: TOML has no null, and defaults are as they would be written."""
    prop = {key: value for key, value in made.items() if key not in {"title", "default"}}
    if name == "headers":
        prop["additionalProperties"] = _SECRET
    elif not any(key in prop for key in _OPEN):
        written = _FREE.get(name) or _WRITTEN.get(_type_name(field.annotation), {"type": "string"})
        prop |= _SECRET if name in _SECRETS else written
    if "anyOf" in prop:
        prop["anyOf"] = [each for each in prop["anyOf"] if each != {"type": "null"}]
    if prop.get("items") == {}:
        prop["items"] = {"type": "string"}
    default = duration_text(field.default) if isinstance(field.default, timedelta) else made.get("default")
    return prop if default is None or field.default is None else {**prop, "default": default}


def _type_name(annotation: object) -> str:
    """Return the name of a type, None and parameters left off."""
    kinds = [kind for kind in get_args(annotation) or (annotation,) if kind is not type(None)]
    return "tuple" if "tuple" in str(annotation) else getattr(kinds[0], "__name__", "")


def _remarks(annotated: str) -> Iterator[tuple[str, str]]:
    """Yield the dotted name of each key and the comment above it; keys that stand together share theirs."""
    table, said = "", ""
    comment: list[str] = []
    for line in annotated.splitlines():
        if header := _TABLE.fullmatch(line):
            table, said, comment = f"{header[1]}.", "", []
        elif key := _KEY.match(line):
            said = " ".join(comment) or said
            comment = []
            yield table + key[1], said
        elif line.startswith("# "):
            comment.append(line[2:].strip())
        else:
            comment, said = [], ""


def _renamed(made: Any) -> Any:
    """Return the schema with the references of draft 7, which editors know."""
    if isinstance(made, dict):
        return {key: _renamed(value) for key, value in made.items()}
    if isinstance(made, list):
        return [_renamed(value) for value in made]
    return made.replace("#/$defs/", "#/definitions/") if isinstance(made, str) else made
