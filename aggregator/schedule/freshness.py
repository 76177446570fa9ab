"""When a poll is worth its price: the policy, pure.

Entries that wait to be found cost; so does a request. What one request is worth, in hours that entries wait, is the
price, one for all feeds. If N entries are expected by the time t, a request at t spares them, until another moment u,
N * (u - t) hours of waiting. It is due at the t that makes up for twice the price soonest: that with the least
t + 2 * price / N. For a feed without rhythm this is the interval sqrt(2 * price / rate), which is the cheapest there is
(Cho and Garcia-Molina 2003); for one that publishes in batches it is right behind the batch (Sia, Cho and Cho 2007).
"""

from dataclasses import dataclass

from aggregator.schedule.intensity import Intensity

_FINE = 3.0  # hours in which a poll may come at any five minutes
_WINDOW_USED = 0.25  # of a document's entries, that may be expected to be new


@dataclass(frozen=True, slots=True, kw_only=True)
class Walls:
    """The least and the most hours to wait."""

    shortest: float
    longest: float


def best_wait(expects: Intensity, since: float, walls: Walls, *, price: float, window: int = 0) -> float:
    """Return how many hours after ``since`` the next poll is due, never outside the walls.

    ``price`` is in entry-hours, above 0. A document of ``window`` entries is not left alone for so long that a good
    part of it may be gone (SC-33); 0: that is not known.
    """
    most = window * _WINDOW_USED or float("inf")
    first = since + walls.shortest
    best_at = first
    came = expects.between(since, first)
    best = _cost(first, came, price)
    for at, came in expects.marks(since, since + walls.longest, walls.shortest + _FINE):
        if at <= first:
            continue
        if came > most or at > best:
            break
        cost = _cost(at, came, price)
        if cost < best:
            best_at, best = at, cost
    else:
        last = since + walls.longest
        if _cost(last, came, price) < best:
            best_at = last
    return min(max(best_at - since, walls.shortest), walls.longest)


def _cost(at: float, came: float, price: float) -> float:
    return at + 2 * price / max(came, 1e-12)
