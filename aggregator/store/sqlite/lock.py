"""One process does a thing (SC-31): an advisory lock on a file beside the store, which dies with its holder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aggregator.store.contract import StoreBusyError


@contextmanager
def exclusive(path: Path, owner: str, doing: str = "polls this store") -> Iterator[None]:
    """Hold the lock during the block. Raises StoreBusyError, which names the process that has it, ``doing`` that."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 200).decode(errors="replace").strip() or "another process"
            raise StoreBusyError(f"{holder} already {doing}") from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{owner} (process {os.getpid()})\n".encode())
        yield
    finally:
        os.close(descriptor)
