"""Rendered pages that are kept for the next one who asks."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock

from aggregator.web.answers import Page


@dataclass(frozen=True, slots=True)
class _Kept:
    page: Page
    size: int


class Cache:
    """The pages used last, up to so many bytes. Their keys say all that they depend on: nothing in it is ever stale."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> Page | None:
        """Return a page, and keep it longer."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return None
            self._kept.move_to_end(key)
            return kept.page

    def put(self, key: Hashable, page: Page) -> None:
        """Keep a page; others have to go when there is no room."""
        kept = _Kept(page, len(page.content) + 1000)
        with self._lock:
            self._drop(self._kept.pop(key, None))
            self._kept[key] = kept
            self._size += kept.size
            while self._size > self._most:
                self._drop(self._kept.popitem(last=False)[1])

    def _drop(self, kept: _Kept | None) -> None:
        self._size -= kept.size if kept else 0
