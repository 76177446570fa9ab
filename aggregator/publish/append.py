"""Writing to the end of a file that may have been torn, cut or taken away."""

import os
from pathlib import Path

import structlog

from aggregator.publish.manifest import sync_folder

log = structlog.get_logger("aggregator.export")


def adopt(path: Path) -> int:
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


def append(path: Path, committed: int, data: bytes) -> int:
    """Write ``data`` after the committed bytes, onto the disk; return the new length.

    Raises OSError, with nothing left of what did not find room (OI-07).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    created = not path.exists()
    # Opened anew each time: a file that was rotated away is not written to unseen (OI-08).
    with path.open("wb" if created else "r+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        if size > committed:
            file.truncate(committed)
        elif size < committed:
            log.warning("export file was cut or replaced from outside; going on at its end", path=str(path))
        start = file.seek(min(size, committed))
        try:
            _write_all(file.fileno(), data)
            os.fsync(file.fileno())
        except OSError:
            file.truncate(start)
            raise
    if created:
        sync_folder(path.parent)
    return start + len(data)


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
