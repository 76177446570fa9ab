"""Waiting for the change log to grow: one look a second, however many wait."""

import asyncio

from aggregator.model import Seq
from aggregator.web.reading import Reading

_LOOK_EVERY = 1.0  # seconds


class Tail:
    """The end of the change log. Nobody looks while nobody waits."""

    def __init__(self, reading: Reading, stopping: asyncio.Event) -> None:
        self._reading = reading
        self._stopping = stopping
        self._look: asyncio.Task[Seq] | None = None

    async def beyond(self, seq: Seq, seconds: float) -> bool:
        """Wait until there is a change after ``seq``; False where none came in time, or the site closes.

        Raises StoreError.
        """
        try:
            async with asyncio.timeout(seconds):
                while not self._stopping.is_set():
                    if await self._next_look() > seq:
                        return True
        except TimeoutError:
            pass
        return False

    async def _next_look(self) -> Seq:
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._looked())
        return await asyncio.shield(self._look)

    async def _looked(self) -> Seq:
        try:
            async with asyncio.timeout(_LOOK_EVERY):
                await self._stopping.wait()
        except TimeoutError:
            return await self._reading(lambda work: work.log.last())
        return Seq(0)
