"""What the schedule decides with, and what a decision is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator.model import Bounds
from aggregator.schedule.price import PRICE

_LONGEST_RETRY_AFTER = timedelta(hours=24)  # a server may ask for more; it is asked again then (ST-03)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPolicy:
    """The settings of ``[schedule]``."""

    shortest: timedelta
    usual: timedelta
    longest: timedelta
    trust_unchanged: timedelta | None = None  # after so long without a body, ask for one; None: never (CR-24)
    price: float = PRICE  # of a request, in hours that an entry waits
    freshness: Mapping[str, timedelta] = field(default_factory=dict)  # tag -> how long its entries may wait on average

    def within(self, wait: timedelta) -> timedelta:
        """Return the wait, held between the shortest and the longest."""
        return min(max(wait, self.shortest), self.longest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One voice in a decision: how long to wait after the last poll, and why, for people."""

    name: str
    wait: timedelta
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """When the next poll is due, the rule that decided it, and every rule that had a say."""

    at: datetime
    rule: str
    rules: tuple[Rule, ...]
    bounds: Bounds


def capped(retry_after: timedelta | None) -> timedelta | None:
    """Return Retry-After as far as it is obeyed."""
    return None if retry_after is None else min(retry_after, _LONGEST_RETRY_AFTER)
