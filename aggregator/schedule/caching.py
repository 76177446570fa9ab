"""How long an answer's headers call it fresh (SC-06…13, RFC 9111)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from aggregator.text.http_date import http_date

_DIRECTIVE = re.compile(r'([A-Za-z0-9_-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,]*)))?\s*(?:,|$)')
_LONGEST_HEADER = 2_000  # characters that are looked at
_YEAR = timedelta(days=365)
_MOST_DIGITS = 10  # more seconds than that are beyond any cap
# Whoever says one of these does not want an age to be relied upon.
_NEVER_FRESH = frozenset({"no-cache", "no-store", "must-revalidate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """For how long an answer stays good, and what says so: nothing where nothing does."""

    fresh_for: timedelta | None = None
    fresh_by: Literal["max-age", "expires"] | None = None


def states_freshness(headers: Mapping[str, str]) -> bool:
    """Whether the headers speak of it at all: a 304 that does not leaves standing what was said before."""
    return "cache-control" in headers or "expires" in headers


def freshness(headers: Mapping[str, str], now: datetime) -> Freshness:
    """Return what Cache-Control and Expires allow, received at ``now``; at most a year, and never an exception.

    ``max-age`` less ``Age``; without it Expires less Date, so that a server whose clock is off is understood (SC-10).
    ``s-maxage`` is for shared caches, which this is not (SC-09).
    """
    directives = _directives(headers.get("cache-control", ""))
    if directives.keys() & _NEVER_FRESH:
        return Freshness()
    max_age = _seconds(directives.get("max-age", ""))
    if max_age is not None:
        age = _seconds(headers.get("age", "").strip()) or timedelta(0)
        return Freshness(fresh_for=max_age - age, fresh_by="max-age") if max_age > age else Freshness()
    expires = http_date(headers.get("expires", ""))
    if expires is None:  # "0" and "-1" are no dates: stale already (SC-11)
        return Freshness()
    left = expires - (http_date(headers.get("date", "")) or now)
    return Freshness(fresh_for=min(left, _YEAR), fresh_by="expires") if left > timedelta(0) else Freshness()


def _directives(value: str) -> dict[str, str]:
    """Return name -> argument; the first of several counts (RFC 9111, section 4.2.1)."""
    found: dict[str, str] = {}
    for name, quoted, bare in _DIRECTIVE.findall(value[:_LONGEST_HEADER]):
        found.setdefault(name.lower(), quoted or bare)
    return found


def _seconds(text: str) -> timedelta | None:
    if not (text.isascii() and text.isdigit()):
        return None
    return _YEAR if len(text) > _MOST_DIGITS else min(timedelta(seconds=int(text)), _YEAR)
