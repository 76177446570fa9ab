"""One process does a thing (SC-31): an advisory lock on a file beside the store, which dies with its holder.

The file says who the holder is, on a second line where its site listens, and after that why it is paused.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aggregator.store.contract import StoreBusyError
from aggregator.store.upkeep import Holder

_LONGEST = 900  # so that all of it stays in the one block that the file has
_LONGEST_OWNER = 300
_POLLS = "polls this store"
_ASK = "stop that first, or ask it by `aggregator feeds refresh` and `aggregator reload`"


class Lock:
    """The lock on doing one thing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: int | None = None
        self._owner = ""
        self._site = ""
        self._trouble: str | None = None

    @contextmanager
    def held(self, owner: str, doing: str = _POLLS, instead: str = _ASK) -> Iterator[None]:
        """Hold the lock during the block. Raises StoreBusyError, which names the process that has it,
        what it is ``doing``, and what can be done ``instead``."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreBusyError(f"{_read(descriptor).name} already {doing}: {instead}") from None
            self._held, self._site = descriptor, ""
            self._owner = f"{owner[:_LONGEST_OWNER]} (process {os.getpid()})".replace("\n", " ")
            self.tell(None)
            yield
        finally:
            self._held = None
            os.close(descriptor)

    def tell(self, trouble: str | None) -> None:
        """Say why the holder is paused."""
        self._trouble = trouble
        self._write()

    def tell_site(self, site: str) -> None:
        """Say where the holder's site listens."""
        self._site = site
        self._write()

    def _write(self) -> None:
        if self._held is not None:
            text = f"{self._owner}\n{self._site}\n{self._trouble or ''}"[:_LONGEST].encode()
            # Written over and then cut: a full disk has no new block to give to a file that was emptied.
            os.pwrite(self._held, text, 0)
            os.ftruncate(self._held, len(text))

    def holder(self) -> Holder | None:
        """Return who holds it."""
        try:
            descriptor = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(descriptor)
        finally:
            os.close(descriptor)
        return None


def _read(descriptor: int) -> Holder:
    text = os.pread(descriptor, 4 * _LONGEST, 0).decode(errors="replace")
    owner, site, trouble = (*text.split("\n", 2), "", "")[:3]
    return Holder(name=owner.strip() or "another process", trouble=trouble.strip() or None, site=site or None)
