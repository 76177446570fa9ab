"""What the head of an answer says about how often to ask: refusals, Retry-After, and the RateLimit headers."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from aggregator.fetch.answer import Head
from aggregator.fetch.pace import Signal

_REFUSALS = frozenset({429, 503})
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?")  # ASCII digits only, as in ST-04
_PAIR = re.compile(r"([a-z]+)\s*=\s*\"?([0-9.]+)")
_LONGEST = 24 * 3600.0  # seconds
_EPOCH = 1e9  # what is larger is no number of seconds to wait but a moment, …
_EPOCH_MS = 1e11  # … or one in milliseconds
_FAMILIES = ("ratelimit", "x-ratelimit", "x-rate-limit")


def signal_of(head: Head, *, started: datetime, at: datetime) -> Signal:
    """Return what an answer to a request of ``started``, received ``at``, says about the pace of its origin.

    A refusal is 429, 503, a Cloudflare challenge, or an error that names a time in Retry-After.
    """
    asks_to_wait = head.status >= 400 and bool(head.retry_after)
    waits = [wait for wait in (head.retry_after, _until_reset(head.fields, at)) if wait]
    return Signal(
        started=started,
        at=at,
        refused=head.status in _REFUSALS or head.is_challenge or asks_to_wait,
        welcome=head.status < 400,
        wait=max(waits, default=None),
        spacing=_spacing(head.fields.get("ratelimit-policy", "")),
    )


def _until_reset(fields: Mapping[str, str], at: datetime) -> timedelta | None:
    """Return the time until a spent quota is renewed: of ``RateLimit`` in both of its forms, and of its ancestors."""
    stated = [dict(_PAIR.findall(item)) for item in fields.get("ratelimit", "").lower().split(",")]
    merged = {name: value for item in stated for name, value in item.items() if name in {"remaining", "reset"}}
    quotas = [(item.get("r"), item.get("t")) for item in stated]
    quotas.append((merged.get("remaining"), merged.get("reset")))
    quotas += [(fields.get(f"{name}-remaining"), fields.get(f"{name}-reset")) for name in _FAMILIES]
    resets = [_number(reset) for left, reset in quotas if (remaining := _number(left)) is not None and remaining < 1]
    waits = [_seconds(reset, at) for reset in resets if reset is not None]
    return timedelta(seconds=max(waits)) if waits else None


def _seconds(reset: float, at: datetime) -> float:
    if reset > _EPOCH_MS:
        reset /= 1000
    return min(_LONGEST, max(0.0, reset - at.timestamp() if reset > _EPOCH else reset))


def _spacing(policy: str) -> timedelta | None:
    """Return the distance that ``RateLimit-Policy: "name";q=100;w=60`` allows on average; of several the longest."""
    distances = [
        window / quota
        for item in policy.lower().split(",")
        if (quota := _number(dict(_PAIR.findall(item)).get("q") or item.split(";")[0].strip()))
        and (window := _number(dict(_PAIR.findall(item)).get("w")))
    ]
    return timedelta(seconds=min(_LONGEST, max(distances))) if distances else None


def _number(text: str | None) -> float | None:
    return float(text) if text and _NUMBER.fullmatch(text.strip()) else None
