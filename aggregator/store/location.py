"""From the setting ``[store] url`` to a store."""

from datetime import datetime
from pathlib import Path

from aggregator.store.contract import Store, StoreError
from aggregator.store.sqlite.restoring import restore
from aggregator.store.sqlite.store import SqliteStore

_SQLITE = "sqlite:///"


def open_store(url: str, *, create: bool = False) -> Store:
    """Return the store at ``url`` (``sqlite:///relative/path`` or ``sqlite:////absolute/path``).

    Raises StoreError when there is none and ``create`` is false, or when it cannot be used.
    """
    return SqliteStore(_path(url), create=create)


def restore_store(url: str, backup: Path, now: datetime, *, owner: str) -> Path | None:
    """Put a backup in the place of the store at ``url``; return where what was there is now. Raises StoreError."""
    return restore(backup, _path(url), now, owner=owner)


def _path(url: str) -> Path:
    if not url.startswith(_SQLITE):
        raise StoreError(f"{url!r} is not a store address: write sqlite:///path/to/file")
    return Path(url.removeprefix(_SQLITE))
