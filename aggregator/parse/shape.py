"""What feedparser gives, held to its types: in it any element of a feed can overwrite what it keeps under that name."""

from collections.abc import Callable, Mapping
from typing import Any

_LISTS = frozenset({"links", "tags", "authors", "media_content", "media_thumbnail"})


def shaped(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a feed or an entry that are what their names promise: a list, a mapping or a text.

    ``<links>x</links>`` leaves a text where feedparser keeps a list, and ``<title_detail a="b"/>`` its attributes where
    it keeps a text with its type: such a field is left out (XM-27).
    """
    return {name: value for name, value in fields.items() if _SHAPES.get(name, _is_text)(value)}


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_detail(value: Any) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("value"), str)


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_mapping, value))


def _is_content(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_detail, value))


_SHAPES: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(_LISTS, _is_list),
    "content": _is_content,
    **dict.fromkeys(("title_detail", "summary_detail"), _is_detail),
    **dict.fromkeys(("image", "source"), _is_mapping),
}
