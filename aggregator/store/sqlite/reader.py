"""Reading on one connection, again and again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from sqlite_utils import Database

from aggregator.store.contract import StoreError
from aggregator.store.sqlite.connection import connect_reader, transaction
from aggregator.store.sqlite.schema import expect_current

W = TypeVar("W")


class SqliteReader(Generic[W]):
    """A ``Reader`` (see ``aggregator.store.contract``)."""

    is_near = True

    def __init__(self, path: Path, work: Callable[[Database], W]) -> None:
        self._path = path
        self._work = work
        self._db: Database | None = None
        self._file: tuple[int, int] | None = None

    @contextmanager
    def read(self) -> Iterator[W]:
        """See ``Reader.read``. A file that has taken the other's place is opened (SQ-10)."""
        if self._db is None or self._file != self._identity():
            self.close()
            self._db, self._file = connect_reader(self._path, one_thread=False), self._identity()
        with transaction(self._db, self._path, "BEGIN"):
            expect_current(self._db)
            yield self._work(self._db)

    def close(self) -> None:
        """See ``Reader.close``."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _identity(self) -> tuple[int, int]:
        try:
            stat = self._path.stat()
        except OSError as error:
            raise StoreError(f"there is no store at {self._path} any more") from error
        return stat.st_dev, stat.st_ino
