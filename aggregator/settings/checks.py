"""What single values of the configuration must hold. Each check returns the value to keep or raises ValueError.

Checks of paths take the folder of the file from pydantic's context; without one a path stays relative.
"""

import ipaddress
import re
from collections.abc import Mapping
from datetime import timedelta
from os.path import join, normpath
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationInfo

from aggregator.model import Keep, PerFeed
from aggregator.settings.problems import nearest
from aggregator.settings.values import duration, duration_text, quoted, size

ENRICHERS = ("language", "summary", "topics", "entities", "near-duplicates")
SQLITE = "sqlite:///"
LISTS = (".toml", ".opml", ".xml", ".txt")

# {"path": the file, "environ": the environment}, for what is relative to the one or names something in the other
Context = Mapping[str, Any] | None

_PER_FEED = re.compile(r"([1-9][0-9]{0,8}) per feed")
_BUDGET = re.compile(r"([1-9][0-9]{0,8})/(h|m|d)")
_AN_HOUR = {"h": 1.0, "m": 60.0, "d": 1 / 24}
_CALL = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_EXPORT_NAME = re.compile(r"[a-z0-9_-]+")
_CONTACT = re.compile(r"https?://[!-~]+|(?:mailto:)?[!-~]+@[!-~]+")  # goes into a header: one line, ASCII
_NOT_IN_COMMENT = re.compile(r"[()\\<>;]")  # a User-Agent carries it in parentheses (RFC 9110, 5.6.5)


def base_url(value: object) -> str:
    """An http(s) URL that paths are appended to; returned without a trailing slash."""
    try:
        parts = urlsplit(value if isinstance(value, str) else "")
        parts.port  # noqa: B018 -- reading it is the check
    except ValueError:
        parts = urlsplit("")
    usable = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    if not usable or parts.query or parts.fragment or re.search(r"\s", str(value)):
        raise ValueError(f'expected a URL such as "https://news.example.org", got {quoted(value)}')
    return str(value).rstrip("/")


def endpoint(value: object) -> str | None:
    """Where a collector of OpenTelemetry listens; None is nowhere, or as its own variables say."""
    return None if value is None else base_url(value)


def listen(value: str) -> str:
    """``address:port``, ``[address]:port`` or "off"; port 0 is any that is free."""
    if value == "off":
        return value
    host, _, port = value.rpartition(":")
    try:
        ipaddress.ip_address(host[1:-1] if host.startswith("[") else host)
        usable = port.isascii() and port.isdecimal() and int(port) < 65536
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(f'expected "127.0.0.1:8077", "[::1]:8077" or "off", got {quoted(value)}')
    return value


def contact(value: object) -> str | None:
    """A URL or a mail address that site owners can turn to."""
    if value is None:  # only the default: TOML has no null
        return None
    if not isinstance(value, str) or not _CONTACT.fullmatch(value) or _NOT_IN_COMMENT.search(value):
        raise ValueError(f"expected a URL or a mail address, got {quoted(value)}")
    return value


def store_url(value: object, info: ValidationInfo) -> str:
    """``sqlite:///relative`` or ``sqlite:////absolute``; returned absolute."""
    path = value.removeprefix(SQLITE) if isinstance(value, str) and value.startswith(SQLITE) else ""
    if not path or path.endswith("/") or "\0" in path:
        raise ValueError(
            f'expected "sqlite:///" and the path of a file, or "postgresql://user@host/database", got {quoted(value)}'
        )
    return SQLITE + _beside(info.context, path)


def keep(value: object) -> Keep | None:
    """How long records are kept, or how many of each feed; None is all of them for ever."""
    per_feed = _PER_FEED.fullmatch(value) if isinstance(value, str) else None
    if per_feed:
        return PerFeed(records=int(per_feed[1]))
    if isinstance(value, PerFeed):
        return value
    try:
        return _forever(value, least=timedelta(seconds=1), example="365d")
    except ValueError as error:
        expected = 'expected "forever", a duration ("365d") or a number ("1000 per feed")'
        raise ValueError(f"{expected}, got {quoted(value)}") from error


def trust(value: object) -> timedelta | None:
    """How long a server is believed that nothing has changed; None is for ever (CR-24)."""
    return _forever(value, least=timedelta(days=14), example="30d")


def budget(value: object) -> int | None:
    """How many requests an hour may be made; None is as many as their worth says."""
    if value is None or type(value) is int:  # only the default, and what was read before: TOML has no null
        return value
    read = _BUDGET.fullmatch(value) if isinstance(value, str) else None
    an_hour = int(read[1]) * _AN_HOUR[read[2]] if read else 0.0
    if an_hour < 1:
        raise ValueError(f'expected requests an hour, minute or day such as "20000/h", got {quoted(value)}')
    return round(an_hour)


def _forever(value: object, *, least: timedelta, example: str) -> timedelta | None:
    if value is None or value == "forever":
        return None
    try:
        return duration(value, least=least)
    except ValueError as error:
        at_least = f" of at least {duration_text(least)}" if least > timedelta(seconds=1) else ""
        expected = f'expected "forever" or a duration{at_least} such as "{example}"'
        raise ValueError(f"{expected}, got {quoted(value)}") from error


def interval(value: object) -> timedelta | None:
    """How often one feed is asked for; None is as often as the schedule finds right."""
    return None if value is None else duration(value, least=timedelta(seconds=1))


def pause(value: object) -> timedelta | None:
    """The pause between two requests; None is that of everybody."""
    return None if value is None else duration(value)


def rotate_size(value: object) -> int | None:
    """How large a file may grow; None is without a bound."""
    return None if value is None else size(value)


def argv(value: object, info: ValidationInfo) -> tuple[str, ...]:
    """A program and its arguments; a program with a slash in its path is beside the file."""
    words = value if isinstance(value, list | tuple) else ()
    if not words or not words[0] or not all(isinstance(word, str) and "\0" not in word for word in words):
        raise ValueError(f'expected a program and its arguments such as ["notify", "--quiet"], got {quoted(value)}')
    program, *arguments = words
    return (_beside(info.context, program) if "/" in program else program, *arguments)


def enricher(value: str) -> str:
    """The name of an enricher."""
    if value not in ENRICHERS:
        expected = ", ".join(ENRICHERS)
        raise ValueError(f"expected one of {expected}, got {quoted(value)}{nearest(value, ENRICHERS)}")
    return value


def selector(value: str) -> str:
    """A CSS selector."""
    import soupsieve  # noqa: PLC0415 - few have one

    try:
        soupsieve.compile(value)
    except (soupsieve.SelectorSyntaxError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise ValueError(f"expected a CSS selector, got {quoted(value)}: {reason}") from error
    return value


def topics_path(value: object, info: ValidationInfo) -> Path | None:
    """The path of a vocabulary of topics; None is the shipped one."""
    return _toml_path(value, info, "topics.toml")


def boilerplate_path(value: object, info: ValidationInfo) -> Path | None:
    """The path of boilerplate rules; None are the shipped ones alone."""
    return _toml_path(value, info, "boilerplate.toml")


def _toml_path(value: object, info: ValidationInfo, example: str) -> Path | None:
    if value is None:
        return None
    if not isinstance(value, str | Path) or not str(value).endswith(".toml") or "\0" in str(value):
        raise ValueError(f'expected the path of a TOML file such as "{example}", got {quoted(value)}')
    return Path(_beside(info.context, str(value)))


def call(value: str) -> str:
    """Where a function is."""
    if not _CALL.fullmatch(value):
        raise ValueError(f'expected a function such as "package.module:function", got {quoted(value)}')
    return value


def include_path(value: object, info: ValidationInfo) -> Path:
    """The path of a list of feeds; its suffix says how to read it."""
    return list_path(value, info.context)


def list_path(value: object, context: Context) -> Path:
    """The same, for where no validation is under way."""
    path = str(value) if isinstance(value, str | Path) else ""
    if "\0" in path or Path(path).suffix.lower() not in LISTS:
        raise ValueError(f"expected the path of a list ({', '.join(LISTS)}), got {quoted(value)}")
    return Path(_beside(context, path))


def export_name(value: str) -> str:
    """The name of an export, which is also the name of its cursor."""
    if not _EXPORT_NAME.fullmatch(value):
        raise ValueError(f"expected a name of a-z, 0-9, _ and -, got {quoted(value)}")
    return value


def export_path(value: object, info: ValidationInfo) -> str:
    """A strftime pattern; returned absolute, with the percent signs of the folder doubled."""
    if not isinstance(value, str) or not value or value.endswith("/") or "\0" in value:
        raise ValueError(f'expected the path of a file such as "../var/%Y-%m-%d.jsonl.gz", got {quoted(value)}')
    return _beside(info.context, value, pattern=True)


def _beside(context: Context, path: str, *, pattern: bool = False) -> str:
    folder = str(context["path"].parent.resolve()) if context else ""
    return normpath(join(folder.replace("%", "%%") if pattern else folder, path))  # noqa: PTH118 -- has no Path twin
