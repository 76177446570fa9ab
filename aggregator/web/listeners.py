"""Who waits for what comes next: so many at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from aggregator.web.problems import Refused

_LATER = {"Retry-After": "30"}


class Listeners:
    """Places for requests that stay open. Each costs a connection, and the site has to answer others too."""

    def __init__(self, most: int) -> None:
        self._free = most

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place during the block. Raises Refused (503) where none is free."""
        if not self._free:
            raise Refused(503, "as many listen as may at a time ([web] listeners); try again later", _LATER)
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1
