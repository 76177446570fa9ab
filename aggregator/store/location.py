"""From the setting ``[store] url`` to a store."""

from pathlib import Path

from aggregator.store.contract import Store, StoreError
from aggregator.store.sqlite.store import SqliteStore

_SQLITE = "sqlite:///"


def open_store(url: str, *, create: bool = False) -> Store:
    """Return the store at ``url`` (``sqlite:///relative/path`` or ``sqlite:////absolute/path``).

    Raises StoreError when there is none and ``create`` is false, or when it cannot be used.
    """
    if not url.startswith(_SQLITE):
        raise StoreError(f"{url!r} is not a store address: write sqlite:///path/to/file")
    return SqliteStore(Path(url.removeprefix(_SQLITE)), create=create)
