"""The outputs of the settings, each given its own place in the change log."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from aggregator.model import Batch, FilePlace, Selection, Seq
from aggregator.publish.files import FileSink
from aggregator.publish.formats import rendering
from aggregator.settings import Settings
from aggregator.store.contract import Store, Work
from aggregator.store.writer import Writer

_BATCH = 500  # changes


def file_sinks(settings: Settings, store: Store, write: Writer, clock: Callable[[], datetime]) -> list[FileSink]:
    """Return the files of ``[[export]]``."""
    return [
        FileSink(
            export.path,
            Place(store, write, export.name, export.selection, clock),
            render=rendering("jsonl", settings.site.base_url, envelopes=export.changes).changes,
            clock=clock,
            rotate_size=export.rotate_size,
        )
        for export in settings.export
    ]


class Place:
    """A named consumer's place in the change log: what an output is given instead of the store."""

    def __init__(
        self, store: Store, write: Writer, name: str, selection: Selection, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._write = write
        self._name = name
        self._selection = selection
        self._clock = clock
        self._at = Seq(0)  # the cursor as it was last seen

    async def changes(self) -> Batch:
        """Return the next changes."""
        batch = await asyncio.to_thread(self._next)
        self._at = batch.after
        return batch

    async def file(self, base: str) -> FilePlace | None:
        """Return the newest part of a file."""
        return await self._write(lambda work: work.consumers.file(self._name, base))

    async def open_files(self) -> Sequence[FilePlace]:
        """Return the files that are not closed."""
        return await self._write(lambda work: work.consumers.open_files(self._name))

    async def commit(self, file: FilePlace | None, seq: Seq | None) -> None:
        """Keep how far a file is written, and move the cursor."""
        if file is None and seq == self._at:
            return

        def write(work: Work) -> None:
            if file is not None:
                work.consumers.put_file(self._name, file)
            self._move(work, seq)

        await self._write(write)

    def _next(self) -> Batch:
        with self._store.read() as work:
            return work.log.select(work.consumers.cursor(self._name) or Seq(0), self._selection, limit=_BATCH)

    def _move(self, work: Work, seq: Seq | None) -> None:
        """Move the cursor, but from where it was seen only: a replay that somebody asked for meanwhile stands."""
        if seq is not None and (work.consumers.cursor(self._name) or Seq(0)) == self._at:
            work.consumers.advance(self._name, seq, self._clock())
            self._at = seq
