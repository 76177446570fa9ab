"""When to try again what could not be delivered, and when to give up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model import Delivery, Seq

_FIRST, _LONGEST = timedelta(seconds=5), timedelta(hours=1)
_MOST_DOUBLINGS = 10  # 5 s * 2**10 is more than an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a change was not taken."""

    message: str  # for people
    wait: timedelta | None = None  # that was asked for
    final: bool = False  # nothing is to be sent any more


def after_failure(
    before: Delivery | None, seq: Seq, refusal: Refusal, now: datetime, *, retry_for: timedelta, chance: float
) -> Delivery:
    """Return when to try again: after 5 s, doubling up to an hour, less up to half of it by ``chance`` (0…1).

    Never before the receiver wants it. Dead where the first try is ``retry_for`` ago.
    """
    tries = 0 if before is None else before.tries
    first = now if before is None or not before.tries else before.first_try_at
    backoff = min(_FIRST * 2 ** min(tries, _MOST_DOUBLINGS), _LONGEST) * (1 - chance / 2)
    return Delivery(
        seq=seq,
        tries=tries + 1,
        first_try_at=first,
        next_try_at=now + max(backoff, refusal.wait or timedelta()),
        error=refusal.message,
        dead_at=now if now - first >= retry_for else None,
    )
