"""JSON Lines files that follow the change log: every change once, no line twice, no torn line.

The byte offset up to which a file is written commits together with the consumer's cursor. Whatever lies beyond it was
written by a process that died before the commit, and is cut off before the next line (OI-06). A file that is complete
gets a manifest.
"""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog

from aggregator.model import Batch, Change, FilePlace, Seq
from aggregator.publish.append import adopt, append
from aggregator.publish.formats import packed
from aggregator.publish.manifest import write_manifest
from aggregator.publish.unwritable import told

_LATE = timedelta(minutes=2)  # changes are dated before they are committed: a file of yesterday may get one more

# When its day is over, or when the settings name another path.
CLOSED = "was closed: its manifest says what is in it, so that nothing is added to it"

log = structlog.get_logger("aggregator.export")


class Progress(Protocol):
    """A consumer's place in the change log, kept by the store."""

    async def changes(self) -> Batch:
        """Return the next changes, some hundreds at most."""

    async def file(self, base: str) -> FilePlace | None:
        """Return the newest part of a file; None for one never written."""

    async def open_files(self) -> Sequence[FilePlace]:
        """Return the files that are not closed."""

    async def commit(self, file: FilePlace | None, seq: Seq | None) -> None:
        """Keep how far a file is written, and set the cursor unless ``seq`` is None, in one transaction."""

    async def tell(self, trouble: str | None) -> None:
        """Keep why nothing can be written; None: it can."""


class FileSink:
    """One ``[[export]]`` of the settings."""

    def __init__(
        self,
        pattern: str,
        progress: Progress,
        *,
        render: Callable[[Sequence[Change]], bytes],
        clock: Callable[[], datetime],
        rotate_size: int | None = None,
    ) -> None:
        """``pattern`` is of strftime. No file grows beyond ``rotate_size`` bytes: the next part begins."""
        self._pattern = pattern
        self._progress = progress
        self._render = render
        self._clock = clock
        self._rotate_size = rotate_size
        self._current: set[str] = set()  # paths of files that may still grow
        self._trouble: str | None = None
        self._is_told = False  # whether the store knows how it stands

    async def catch_up(self) -> None:
        """Write every change that the consumer has not had; close the files that are complete.

        A disk that is full, or a folder that may not be written, is told of once: the next call tries again (OI-07).
        """
        try:
            while (batch := await self._progress.changes()).through > batch.after:
                for base, group in itertools.groupby(batch.changes, key=lambda change: self._base(change.at)):
                    await self._write(base, list(group))
                await self._progress.commit(None, batch.through)
            await self._close_complete()
            await self._stands(None)
        except OSError as error:
            await self._stands(told(error))

    async def _stands(self, trouble: str | None) -> None:
        if self._is_told and trouble == self._trouble:
            return
        if trouble is not None:
            log.warning("an export cannot be written; it is tried again", error=trouble)
        elif self._trouble is not None:
            log.info("an export is written again")
        await self._progress.tell(trouble)
        self._trouble, self._is_told = trouble, True

    def _base(self, at: datetime) -> str:
        """Return the file of a change: by the change's time, so that a repetition finds the same one."""
        return str(Path(at.strftime(self._pattern)))

    async def _write(self, base: str, changes: Sequence[Change]) -> None:
        lines = [(change.seq, line) for change in changes if (line := self._render([change]))]
        while lines:
            file = await self._open(base)
            count = self._fitting(file, [line for _, line in lines])
            if not count:
                await self._close(file)
                continue
            data = b"".join(line for _, line in lines[:count])
            path = Path(file.path)
            data = packed(data) if path.suffix == ".gz" else data
            length = await asyncio.to_thread(append, path, file.length, data)
            first, last = lines[0][0], lines[count - 1][0]
            written = replace(file, length=length, first_seq=file.first_seq or first, last_seq=last)
            await self._progress.commit(written, last)
            del lines[:count]

    def _fitting(self, file: FilePlace, lines: Sequence[bytes]) -> int:
        """Return how many of the lines the file takes; a line that is larger than any file has one to itself."""
        if self._rotate_size is None:
            return len(lines)
        lengths = itertools.accumulate(map(len, lines), initial=file.length)
        next(lengths)
        count = sum(1 for _ in itertools.takewhile(self._rotate_size.__ge__, lengths))
        return count or int(file.length == 0)

    async def _open(self, base: str) -> FilePlace:
        file = await self._progress.file(base)
        if file is not None and not file.closed:
            return file
        part = 1 if file is None else file.part + 1
        path = base if part == 1 and self._rotate_size is None else _numbered(Path(base), part)
        if file is not None and self._rotate_size is None:
            log.warning("an export goes on in another file", path=path, because=f"{file.path} {CLOSED}")
        length = await asyncio.to_thread(adopt, Path(path))
        file = FilePlace(path=path, base=base, part=part, length=length)
        await self._progress.commit(file, None)
        return file

    async def _close_complete(self) -> None:
        now = self._clock()
        current = {self._base(now), self._base(now - _LATE)}
        if current != self._current:
            for file in await self._progress.open_files():
                if file.base not in current:
                    await self._close(file)
            self._current = current

    async def _close(self, file: FilePlace) -> None:
        await asyncio.to_thread(write_manifest, file)
        await self._progress.commit(replace(file, closed=True), None)


def _numbered(path: Path, part: int) -> str:
    """Return ``records.0002.jsonl.gz`` for ``records.jsonl.gz``."""
    name, gz = (path.name[:-3], ".gz") if path.suffix == ".gz" else (path.name, "")
    stem = Path(name).stem
    return str(path.with_name(f"{stem}.{part:04}{name.removeprefix(stem)}{gz}"))
