"""The shape of a file of boilerplate rules (``config/boilerplate.toml``), and what is wrong with one."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool, StrictInt, StrictStr

from aggregator.settings.document import Document
from aggregator.settings.explain import validated
from aggregator.settings.positions import KeyPath
from aggregator.settings.problems import Problem
from aggregator.settings.rules import compiled
from aggregator.settings.section import Section
from aggregator.settings.values import quoted

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SHORTHAND = re.compile(r"\{(?:title|words|list)\}")


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError(f"expected lower-case words joined by hyphens, got {quoted(value)}")
    return value


def _expression(value: str) -> str:
    if compiled(_SHORTHAND.sub(".+", value)).fullmatch("") is not None:
        raise ValueError(f"expected a regular expression that needs some letter, got {quoted(value)}")
    return value


def _some(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise ValueError("expected at least one regular expression, got []")
    return value


Name = Annotated[StrictStr, AfterValidator(_name)]
Patterns = Annotated[tuple[Annotated[StrictStr, AfterValidator(_expression)], ...], AfterValidator(_some)]


class ImageRule(Section):
    """One ``[[image]]``."""

    name: Name
    patterns: Patterns
    remove: tuple[StrictStr, ...] = ()
    keep: tuple[StrictStr, ...] = ()


class TextRule(ImageRule):
    """One ``[[text]]``."""

    at: Literal["end", "last", "mark", "line"]
    from_: Annotated[Literal["body"] | None, Field(alias="from")] = None
    most: Annotated[StrictInt, Field(ge=1, le=600)] = 200


class BoilerplateFile(Section):
    """The whole file."""

    shipped: StrictBool = True
    text: tuple[TextRule, ...] = ()
    image: tuple[ImageRule, ...] = ()


def boilerplate_problems(document: Document) -> tuple[Problem, ...]:
    """Return every problem of a file of boilerplate rules, top to bottom."""
    file, problems = validated(document, BoilerplateFile, None)
    if file is None:
        return problems
    return tuple(document.problem(path, message) for path, message in _twice(file))


def _twice(file: BoilerplateFile) -> Iterator[tuple[KeyPath, str]]:
    seen: set[str] = set()
    for kind, rules in (("text", file.text), ("image", file.image)):
        for number, rule in enumerate(rules):
            if rule.name in seen:
                yield (kind, number, "name"), f"{quoted(rule.name)} is there twice"
            seen.add(rule.name)
