"""From the setting ``[store] url`` to a store."""

from datetime import datetime
from pathlib import Path

from aggregator.shipped import installing
from aggregator.store.contract import Store, StoreError
from aggregator.store.sqlite.restoring import restore
from aggregator.store.sqlite.store import SqliteStore

_SQLITE = "sqlite:///"


def open_store(url: str, *, create: bool = False) -> Store:
    """Return the store at ``url``: ``sqlite:///path`` (four strokes: absolute) or ``postgresql://…``, as libpq has it.

    Raises StoreError when there is no file and ``create`` is false, or when it cannot be used.
    """
    if url.startswith(_SQLITE):
        return SqliteStore(_path(url), create=create)
    if not url.startswith(("postgresql://", "postgres://")):
        raise StoreError("[store] url is no store address: write sqlite:///path/to/file or postgresql://host/database")
    try:
        from aggregator.store.postgres.store import PostgresStore  # noqa: PLC0415 - only where it is needed
    except ImportError as error:
        raise StoreError(f"a store in PostgreSQL needs an extra: {installing('fleet')} ({error})") from error
    return PostgresStore(url)


def restore_store(url: str, backup: Path, now: datetime, *, owner: str) -> Path | None:
    """Put a backup in the place of the store at ``url``; return where what was there is now. Raises StoreError."""
    if not url.startswith(_SQLITE):
        raise StoreError("a store in PostgreSQL is restored by PostgreSQL's own tools, such as pg_restore")
    return restore(backup, _path(url), now, owner=owner)


def _path(url: str) -> Path:
    return Path(url.removeprefix(_SQLITE))
