"""When a model is not asked: after failures in a row, and when the server says so."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_FAILURES = 3  # in a row
_PAUSE = timedelta(minutes=5)
_LONGEST_PAUSE = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """What the last answers say about asking again."""

    failures: int = 0
    not_before: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether nobody is to be asked."""
        return self.not_before is not None and now < self.not_before

    def after_success(self) -> "Breaker":
        """Return the state after an answer."""
        return Breaker()

    def after_failure(self, now: datetime, retry_after: timedelta | None) -> "Breaker":
        """Return the state after a failure: from the third on a pause, longer every time.

        Or as long as was asked for, where that is longer.
        """
        failures = self.failures + 1
        pause = retry_after or timedelta()
        if failures >= _FAILURES:
            pause = max(pause, min(_PAUSE * 2 ** min(failures - _FAILURES, 10), _LONGEST_PAUSE))
        not_before = now + min(pause, _LONGEST_PAUSE) if pause else None
        return replace(self, failures=failures, not_before=not_before)
