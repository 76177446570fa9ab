"""``[[rules]]`` of aggregator.toml."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import re2

from aggregator.model import Pattern
from aggregator.settings.values import quoted

_CACHED = 256
_GROUP = re.compile(r"\\(?:([0-9])|g<)")
_PARTS = {"tags": "tag", "field": "rewrite", "find": "rewrite", "replace": "rewrite"}  # whose they are
_NEEDED = {"tag": "tags", "rewrite": "find"}


@lru_cache(maxsize=_CACHED)
def compiled(text: str) -> Any:
    """Return a regular expression that ignores case and takes time linear in what it is matched with.

    Raises ValueError, which says what is wrong with it. RE2 has no look-around and no back-references.
    """
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if error.args else "it is none"
        raise ValueError(f"not a regular expression of RE2: {reason}") from error


def pattern(value: object) -> Pattern:
    """Read ``"words"`` or ``{ regex = "…" }``."""
    if isinstance(value, Pattern):
        return value
    if isinstance(value, str) and value.strip():
        return Pattern(text=value)
    if isinstance(value, dict) and set(value) == {"regex"} and isinstance(value["regex"], str) and value["regex"]:
        compiled(value["regex"])
        return Pattern(text=value["regex"], is_regex=True)
    raise ValueError(f'expected words to look for, or {{ regex = "…" }}, got {quoted(value)}')


def pattern_or_none(value: object) -> Pattern | None:
    """As ``pattern``; None stays None."""
    return None if value is None else pattern(value)


def as_it_is(value: Pattern | None) -> Any:
    """Return the value: what the library would make of it in its place cannot be read back."""
    return value


def matcher(wanted: Pattern) -> Any:
    """Return what finds the pattern."""
    return compiled(wanted.text if wanted.is_regex else re2.escape(wanted.text))


def agreed(action: str, written: Mapping[str, Any]) -> None:
    """Check that a rule has what its action needs and nothing else. Raises ValueError."""
    for part, owner in _PARTS.items():
        if part in written and owner != action:
            raise ValueError(f'"{part}" is for action = "{owner}", and this one is "{action}"')
    if not written.get(_NEEDED.get(action, "action")):
        raise ValueError(f'action = "{action}" needs "{_NEEDED[action]}"')
    if "find" in written:
        _groups(written["find"], written.get("replace", ""))


def _groups(find: Pattern, replace: str) -> None:
    """Raise ValueError where the replacement names a group that there is not."""
    most = compiled(find.text).groups if find.is_regex else 0
    for named in _GROUP.finditer(replace) if find.is_regex else ():
        if named[1] is None or int(named[1]) > most:
            raise ValueError(f"replace: expected groups \\0 to \\{most}, got {quoted(replace)}")
