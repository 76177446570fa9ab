"""Rendered pages that are kept for the next one who asks."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock

from aggregator.web.answers import Page


@dataclass(frozen=True, slots=True)
class _Kept:
    mark: Hashable
    page: Page
    size: int


class Cache:
    """The pages used last, up to so many bytes.

    Each is kept under its key with a mark, which says all that it depends on: nothing stale is ever given out.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def holds(self, key: Hashable) -> bool:
        """Whether there is a page, of whatever mark."""
        return key in self._kept

    def get(self, key: Hashable, mark: Hashable) -> Page | None:
        """Return the page with that mark, and keep it longer."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.mark != mark:
                return None
            self._kept.move_to_end(key)
            return kept.page

    def put(self, key: Hashable, mark: Hashable, page: Page) -> None:
        """Keep a page instead of one with another mark; others have to go when there is no room."""
        kept = _Kept(mark, page, len(page.content) + 1000)
        with self._lock:
            self._drop(self._kept.pop(key, None))
            self._kept[key] = kept
            self._size += kept.size
            while self._size > self._most:
                self._drop(self._kept.popitem(last=False)[1])

    def _drop(self, kept: _Kept | None) -> None:
        self._size -= kept.size if kept else 0
