"""What follows the change log within the store, kept up with it beside everything else that is written."""

import asyncio
from collections.abc import Callable

import structlog

from aggregator.store.contract import StoreUnavailableError, Work
from aggregator.store.writer import Writer

BATCH = 50  # changes: some ten milliseconds of the writer
_REST = 9.0  # times as long as a batch took: polling keeps nine tenths of the writer

log = structlog.get_logger("aggregator.store")


def _index(work: Work) -> int:
    return work.indexing.catch_up(limit=BATCH)


class Indexer:
    """Follows in small batches, and rests in between: for the index of the site, or whatever it is told to do.

    ``step`` does one batch and returns 0 when nothing is left; ``what`` stays behind when it cannot.
    """

    def __init__(
        self, write: Writer, step: Callable[[Work], int] = _index, *, what: str = "the index of the site"
    ) -> None:
        self._write = write
        self._step = step
        self._what = what
        self._stopping = asyncio.Event()
        self._trouble: str | None = None

    async def catch_up(self) -> None:
        """Follow until nothing is left to do; a store that cannot be written is told of once, and tried again."""
        loop = asyncio.get_running_loop()
        try:
            while not self._stopping.is_set():
                began = loop.time()
                if not await self._write.once(self._step):
                    break
                self._trouble = None
                await self._rest(_REST * (loop.time() - began))
        except StoreUnavailableError as error:
            if str(error) != self._trouble:
                log.warning("the store is not followed", what=self._what, reason=str(error))
            self._trouble = str(error)

    def stop(self) -> None:
        """Do not begin another batch."""
        self._stopping.set()

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
