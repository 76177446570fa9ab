"""Dates written by the book, which nearly all are: RFC 822 with a numeric or universal zone, and RFC 3339."""

import re
from datetime import UTC, datetime, timedelta

_MONTHS = {name: at for at, name in enumerate(re.findall("...", "JanFebMarAprMayJunJulAugSepOctNovDec"), start=1)}
# Offsets of 14 hours and more, leap seconds and 24:00 are for those who read all that is odd.
_RFC_3339 = re.compile(r"[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)", re.ASCII)
_RFC_822 = re.compile(
    rf"(?:[A-Z][a-z][a-z], )?(\d\d?) ({'|'.join(_MONTHS)}) ([12]\d{{3}}) (\d\d):(\d\d):(\d\d) "
    r"(?:GMT|UTC|Z|([+-])(0\d|1[0-3])([0-5]\d))",
    re.ASCII,
)


def read_plain(text: str) -> datetime | None:
    """Return the moment in UTC, to the second; None where the date is not by the book or cannot be."""
    try:
        if _RFC_3339.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)
        match = _RFC_822.fullmatch(text)
        return _rfc_822(match) if match else None
    except (ValueError, OverflowError):
        return None


def _rfc_822(match: re.Match[str]) -> datetime:
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    at = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    if sign is None:
        return at
    east = timedelta(hours=int(hours), minutes=int(minutes))
    return at + east if sign == "-" else at - east
