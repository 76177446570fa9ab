"""Durations, sizes and networks as people write them, or as the values they stand for.

What cannot be read is a ValueError that says what was expected.
"""

import ipaddress
import json
import re
from datetime import timedelta

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_UNITS = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
    "ms": timedelta(milliseconds=1),
}
_DURATION_PART = re.compile(r"([0-9]{1,7})(ms|[dhms])")
_DURATION = re.compile(rf"(?:{_DURATION_PART.pattern})+")
_SIZE = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,3})?) ?([kmg]i?b|b|)", re.IGNORECASE)
_USERINFO = re.compile(r"(//)[^/?#\s]*@")
_BYTES = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}


def duration(value: object, least: timedelta = timedelta(0)) -> timedelta:
    """Read "90s", "15m", "2h", "1d", "1h30m" or "500ms"."""
    if isinstance(value, timedelta):
        total = value
    elif isinstance(value, str) and _DURATION.fullmatch(value):
        total = sum((int(count) * _UNITS[unit] for count, unit in _DURATION_PART.findall(value)), timedelta(0))
    else:
        raise ValueError(f'expected a duration such as "90s", "15m", "2h" or "1d", got {quoted(value)}')
    if total < least:
        raise ValueError(f'expected a duration of at least "{duration_text(least)}", got {quoted(value)}')
    return total


def duration_text(value: timedelta) -> str:
    """Return the shortest text that `duration` reads as ``value`` (to the millisecond): "90m" is "1h30m"."""
    rest, parts = value, []
    for unit, worth in _UNITS.items():
        count, rest = divmod(rest, worth)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def size(value: object) -> int:
    """Read a number of bytes, at least 1: "500KB" (1000s), "1GiB" (1024s), "1048576" or a whole number."""
    if type(value) is int and value > 0:
        return value
    read = _SIZE.fullmatch(value) if isinstance(value, str) else None
    count = int(float(read[1]) * _BYTES[read[2].lower()]) if read else 0
    if count < 1:
        raise ValueError(f'expected a size such as "500KB", "10MB" or "1GiB", got {quoted(value)}')
    return count


def network(value: object) -> Network:
    """Read an IPv4 or IPv6 network in CIDR notation."""
    try:
        return value if isinstance(value, Network) else ipaddress.ip_network(value if isinstance(value, str) else "")
    except ValueError as error:
        reason = f" ({error})" if isinstance(value, str) and "host bits" in str(error) else ""
        raise ValueError(f'expected a network such as "192.168.0.0/16", got {quoted(value)}{reason}') from error


def quoted(value: object, longest: int = 60) -> str:
    """Return ``value`` as TOML would nearly write it, passwords masked, cut to ``longest`` characters."""
    text = shown(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= longest else text[: longest - 1] + "…"


def shown(url: str) -> str:
    """Return ``url`` for people and logs: userinfo is masked (HT-16)."""
    return _USERINFO.sub(r"\1***@", url)
