"""Telling a hub that our own feeds have news (WebSub, section 6)."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog

from aggregator.model import Failed, Seq

_SETTLING = timedelta(seconds=10)  # after the first change: what comes together is told together
_APART = timedelta(minutes=1)
_LONGEST = timedelta(hours=6)  # after refusals

log = structlog.get_logger("aggregator.websub")


class HubPing:
    """One hub of the settings. What was not told when the program ended is told with what comes next."""

    def __init__(
        self,
        topics: Sequence[str],
        tell: Callable[[str], Awaitable[Failed | None]],
        newest: Callable[[], Awaitable[Seq]],
        clock: Callable[[], datetime],
    ) -> None:
        """``tell`` names a topic to the hub; ``newest`` is the end of the change log."""
        self._topics = topics
        self._tell = tell
        self._newest = newest
        self._clock = clock
        self._told: Seq | None = None
        self._due: datetime | None = None  # None: there is nothing to tell
        self._not_before: datetime | None = None
        self._refusals = 0

    async def catch_up(self) -> None:
        """Tell the hub when there are changes that it was not told of, and some time has passed."""
        now, newest = self._clock(), await self._newest()
        if self._told is None or newest == self._told:
            self._told, self._due = newest, None
            return
        self._due = self._due or max(filter(None, (now + _SETTLING, self._not_before)))
        if now < self._due:
            return
        refused = await self._refused()
        self._told = self._told if refused else newest
        self._refusals = self._refusals + 1 if refused else 0
        wait = min(_APART * 2**self._refusals, _LONGEST)
        self._not_before, self._due = now + max(wait, (refused and refused.retry_after) or wait), None

    async def _refused(self) -> Failed | None:
        for topic in self._topics:
            failed = await self._tell(topic)
            if failed is not None:
                log.warning("hub not told", hub=failed.url, reason=failed.message)
                return failed
        return None
