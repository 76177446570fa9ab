"""What is wrong with a configuration, in words for the person who wrote it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["syntax", "unreadable", "unknown", "missing", "value", "conflict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One remark about one place. Line and column count from 1; 0 means that the place has none."""

    file: str  # a path, or the name of an environment variable
    line: int = 0
    column: int = 0
    message: str
    kind: Kind = "value"  # for programs: what sort of mistake it is

    def __str__(self) -> str:
        """Return ``file:line:column: message``, without the numbers that are 0."""
        place = [self.file, *(str(number) for number in (self.line, self.column) if number)]
        return f"{':'.join(place)}: {self.message}"


class ConfigError(Exception):
    """The configuration cannot be used; ``problems`` holds every reason found, at least one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def nearest(name: str, names: Iterable[str], likeness: float = 0.6) -> str:
    """Return ``"; did you mean …?"`` with the most similar name, or nothing where none is similar."""
    close = difflib.get_close_matches(name, list(names), n=1, cutoff=likeness)
    return f'; did you mean "{close[0]}"?' if close else ""
