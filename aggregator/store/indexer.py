"""The index kept up with the change log, beside everything else that is written."""

import asyncio

import structlog

from aggregator.store.contract import StoreUnavailableError
from aggregator.store.writer import Writer

_BATCH = 50  # changes: some ten milliseconds of the writer
_REST = 9.0  # times as long as a batch took: polling keeps nine tenths of the writer

log = structlog.get_logger("aggregator.store")


class Indexer:
    """Follows in small batches, and rests in between."""

    def __init__(self, write: Writer) -> None:
        self._write = write
        self._stopping = asyncio.Event()
        self._trouble: str | None = None

    async def catch_up(self) -> None:
        """Follow until nothing is left to do; a store that cannot be written is told of once, and tried again."""
        loop = asyncio.get_running_loop()
        try:
            while not self._stopping.is_set():
                began = loop.time()
                if not await self._write.once(lambda work: work.indexing.catch_up(limit=_BATCH)):
                    break
                self._trouble = None
                await self._rest(_REST * (loop.time() - began))
        except StoreUnavailableError as error:
            if str(error) != self._trouble:
                log.warning("the index of the site stays behind", reason=str(error))
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
