"""JSON Lines files that follow the change log: every change once, no line twice, no torn line.

The byte offset up to which a file is written commits together with the consumer's cursor. Whatever lies beyond it was
written by a process that died before the commit, and is cut off before the next line (OI-06).
"""

import asyncio
import gzip
import itertools
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import structlog

from aggregator.model import Change, Seq
from aggregator.publish.record import record_line, told_record

log = structlog.get_logger("aggregator.export")


class Progress(Protocol):
    """A consumer's place in the change log, kept by the store."""

    async def changes(self) -> Sequence[Change]:
        """Return the next changes, some hundreds at most."""

    async def offset(self, path: str) -> int | None:
        """Return how many bytes of the file are committed; None for a file never written."""

    async def commit(self, path: str, offset: int, seq: Seq | None) -> None:
        """Set the file's committed length, and the cursor unless ``seq`` is None, in one transaction."""


class FileSink:
    """One ``[[export]]`` of the settings."""

    def __init__(self, pattern: str, base_url: str, progress: Progress) -> None:
        self._pattern = pattern  # of strftime
        self._base_url = base_url
        self._progress = progress

    async def catch_up(self) -> None:
        """Write every change that the consumer has not had."""
        while changes := await self._progress.changes():
            for path, group in itertools.groupby(changes, key=lambda change: self._path(change.at)):
                await self._write(path, list(group))

    def _path(self, at: datetime) -> Path:
        """Return the file of a change: by the change's time, so that a repetition finds the same one."""
        return Path(at.strftime(self._pattern))

    async def _write(self, path: Path, changes: Sequence[Change]) -> None:
        committed = await self._progress.offset(str(path))
        if committed is None:
            committed = await asyncio.to_thread(_adopt, path)
            await self._progress.commit(str(path), committed, None)
        lines = b"".join(record_line(record, self._base_url) for change in changes if (record := told_record(change)))
        data = gzip.compress(lines, mtime=0) if path.suffix == ".gz" and lines else lines
        length = await asyncio.to_thread(_append, path, committed, data)
        await self._progress.commit(str(path), length, changes[-1].seq)


def _adopt(path: Path) -> int:
    """Return the length of a file that is not ours yet: what somebody else left in it stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        return 0
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        if size and path.suffix != ".gz":
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
                size += 1
    return size


def _append(path: Path, committed: int, data: bytes) -> int:
    """Write ``data`` after the committed bytes, onto the disk; return the new length."""
    path.parent.mkdir(parents=True, exist_ok=True)
    created = not path.exists()
    # Opened anew each time: a file that was rotated away is not written to unseen (OI-08).
    with path.open("wb" if created else "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        if size > committed:
            file.truncate(committed)
        elif size < committed:
            log.warning("export file was cut or replaced from outside; going on at its end", path=str(path))
        file.seek(min(size, committed))
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        length = file.tell()
    if created:
        _sync_folder(path.parent)
    return length


def _sync_folder(folder: Path) -> None:
    """Make a new file's name durable too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
