"""One row of a list, as it stands there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Nothing in it is checked yet."""

    url: str
    name: str | None
    tags: tuple[str, ...]
    line: int  # from 1
    interval: str | None = None  # as our own exports say it
    enabled: bool = True
