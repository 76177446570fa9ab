"""How long records are kept."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PerFeed:
    """The newest records of each feed."""

    records: int


Keep = timedelta | PerFeed  # a duration counts from a record's last change
