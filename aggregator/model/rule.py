"""Rules of the operator: which entries to keep, drop, tag or rewrite."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What to look for, whatever its case: words as they are, or a regular expression (RE2, so in linear time)."""

    text: str
    is_regex: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What to do with the entries that fit every condition; one that is None fits all."""

    name: str
    action: Literal["keep", "drop", "tag", "rewrite"]
    feed: str | None = None  # its URL or its name
    title: Pattern | None = None
    category: Pattern | None = None
    author: Pattern | None = None
    text: Pattern | None = None
    tags: tuple[str, ...] = ()  # of "tag"
    field: Literal["title", "summary"] = "title"  # these three of "rewrite"
    find: Pattern | None = None
    replace: str = ""
