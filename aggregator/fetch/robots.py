"""What robots.txt allows (RFC 9309): asked before pages, never before feeds: somebody subscribed to those (HT-14)."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from protego import Protego

from aggregator.model import Failed, Fetched, FetchResult
from aggregator.url.origin import authority

Verdict = Literal["allowed", "disallowed", "unknown"]

_LARGEST = 500 * 1024  # bytes that are read (RFC 9309, 2.5)
_LONGEST = timedelta(hours=24)  # that an answer holds (RFC 9309, 2.4)
_SHORTEST = timedelta(hours=1)  # whatever Cache-Control says: a file must not be asked for with every page
_MOST_ORIGINS = 1_000
_MAX_AGE = re.compile(r"(?:\A|[\s,])max-age\s*=\s*\"?([0-9]{1,9})", re.IGNORECASE)
# There is no such file, or none that can be found (2.3.1.2, 2.3.1.3). What the guard refuses, it refuses pages too.
_UNAVAILABLE = frozenset({"empty", "redirect", "blocked"})


@dataclass(slots=True)
class _Known:
    """What one origin's file says, and until when."""

    until: datetime | None = None
    rules: Protego | Verdict = "unknown"
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class Robots:
    """Remembers the files of the origins asked lately."""

    def __init__(self, *, agent: str, clock: Callable[[], datetime]) -> None:
        """``agent`` is the whole User-Agent, of which the product token counts (RFC 9309, 2.2.1)."""
        self._agent = agent.partition("/")[0].split(" ")[0]
        self._clock = clock
        self._origins: dict[str, _Known] = {}

    async def verdict(self, url: str, ask: Callable[[str], Awaitable[FetchResult]]) -> Verdict:
        """Return whether ``url`` may be asked for; ``ask`` gets a file that is not known, or not any more.

        "unknown": the file exists for all we know, and cannot be had; that forbids everything for now (2.3.1.4).
        """
        try:
            named = authority(url)
        except ValueError:
            return "disallowed"
        home = f"{named.scheme}://{named.netloc}"
        known = self._origins.pop(home, None) or _Known()
        self._origins[home] = known  # the last asked for is the last to go
        while len(self._origins) > _MOST_ORIGINS:
            self._origins.pop(next(iter(self._origins)))
        async with known.asking:
            if known.until is None or known.until <= self._clock():
                known.rules, lifetime = await _read(await ask(f"{home}/robots.txt"))
                known.until = self._clock() + lifetime
        if isinstance(known.rules, Protego):
            return "allowed" if known.rules.can_fetch(url, self._agent) else "disallowed"
        return known.rules


async def _read(answer: FetchResult) -> tuple[Protego | Verdict, timedelta]:
    if isinstance(answer, Fetched):
        text = answer.body[:_LARGEST].decode("utf-8", "replace").removeprefix("\ufeff")
        return await asyncio.to_thread(Protego.parse, text), _lifetime(answer)
    if isinstance(answer, Failed) and (answer.kind in _UNAVAILABLE or _is_absent(answer)):
        return "allowed", _LONGEST
    return "unknown", _SHORTEST


def _is_absent(answer: Failed) -> bool:
    """4xx; but 429 is a server that asks for patience."""
    return answer.status is not None and 400 <= answer.status < 500 and answer.status != 429


def _lifetime(answer: Fetched) -> timedelta:
    stated = _MAX_AGE.search(answer.headers.get("cache-control", ""))
    return max(_SHORTEST, min(_LONGEST, timedelta(seconds=int(stated[1])))) if stated else _LONGEST
