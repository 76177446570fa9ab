"""What a schedule is tried on, and what it is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The history of one feed; moments are seconds since 1970."""

    name: str
    kind: str
    times: Sequence[float]  # of all publications, ascending
    since: float  # when it was first polled; what is older was in its document then
    until: float
    window: int  # entries in its document
    least: float = 0.0  # seconds that its ttl or max-age asks for
    weight: float = 1.0  # of its entries and requests in sums

    @property
    def days(self) -> float:
        """For how long it is polled."""
        return (self.until - self.since) / DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a poll gave: the dates of the document, newest last, and how many of them are new."""

    at: float
    dates: Sequence[float]
    new: int
    before: float | None  # the last poll
    least: float = 0.0  # seconds that its ttl or max-age asks for


# Given what a poll gave, and nothing else of the trace: after how many seconds to poll again.
Schedule = Callable[[Visit], float]
# One for each feed; ``scale`` buys more requests the smaller it is.
Policy = Callable[[Trace, float], Schedule]
