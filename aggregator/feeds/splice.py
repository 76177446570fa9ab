"""Changes to the text of a TOML list of feeds that leave every other character where it was."""

import json
import re
from collections.abc import Sequence

from aggregator.model import FeedConfig
from aggregator.settings.positions import Span, spans
from aggregator.settings.values import duration_text

_BLANK_LINES = re.compile(r"\A(?:[ \t]*\r?\n)+")


class NotTables(Exception):  # noqa: N818 -- a verdict about a document
    """The feeds stand in an inline array, not in ``[[feeds]]`` tables."""


def appended(text: str, feeds: Sequence[FeedConfig]) -> str:
    """Return ``text`` with one more ``[[feeds]]`` for each at its end."""
    newline = "\r\n" if "\r\n" in text else "\n"
    tables = (newline * 2).join(newline.join(_written(feed)) for feed in feeds)
    gap = "" if text.endswith("\n" + newline) or not text else newline if text.endswith("\n") else newline * 2
    return f"{text}{gap}{tables}{newline}"


def without(text: str, at: int) -> str:
    """Return ``text`` without ``[[feeds]]`` number ``at``: its header and keys. Comments around it stay."""
    header, keys = _table(text, at)
    start = text.rfind("\n", 0, header.key) + 1
    end = _line_end(text, max(span.end for span in (header, *keys.values())))
    above, below = text[:start], text[end:]
    if not above.strip() or above.endswith(("\n\n", "\n\r\n")):  # or two blank lines would be left together
        below = _BLANK_LINES.sub("", below)
    return above + below


def switched(text: str, at: int, *, enabled: bool) -> str:
    """Return ``text`` with ``enabled`` of ``[[feeds]]`` number ``at`` set, behind its URL where it was not there."""
    _, keys = _table(text, at)
    value = "true" if enabled else "false"
    if "enabled" in keys:
        return text[: keys["enabled"].value] + value + text[keys["enabled"].end :]
    start = text.rfind("\n", 0, keys["url"].key) + 1
    indent = text[start : keys["url"].key]
    end = _line_end(text, keys["url"].end)
    newline = "\r\n" if text[:end].endswith("\r\n") else "\n"
    before = text[:end] if text[:end].endswith("\n") else text[:end] + newline
    return f"{before}{indent}enabled = {value}{newline}{text[end:]}"


def fields_of(feed: FeedConfig) -> dict[str, object]:
    """Return what ``[[feeds]]`` says of ``feed``; what is as by default is left out."""
    fields = {
        "url": feed.url,
        "name": feed.name,
        "tags": list(feed.tags),
        "interval": duration_text(feed.interval) if feed.interval else None,
    }
    return {key: value for key, value in fields.items() if value} | ({} if feed.enabled else {"enabled": False})


def _written(feed: FeedConfig) -> list[str]:
    """The lines of a table: JSON's texts, lists of them and booleans are TOML's, but for one control character."""
    values = ((key, json.dumps(value, ensure_ascii=False)) for key, value in fields_of(feed).items())
    return ["[[feeds]]", *(f"{key} = {value}".replace("\x7f", "\\u007f") for key, value in values)]


def _table(text: str, at: int) -> tuple[Span, dict[str, Span]]:
    """Return the span of the name in the header, and those of the table's keys."""
    found = spans(text)
    header = found["feeds", at]
    if text[header.key] == "{":
        raise NotTables
    keys = {str(path[2]): span for path, span in found.items() if len(path) == 3 and path[:2] == ("feeds", at)}
    return header, keys


def _line_end(text: str, offset: int) -> int:
    """Return the offset of the line after the one that ``offset`` is in."""
    end = text.find("\n", offset)
    return len(text) if end < 0 else end + 1
