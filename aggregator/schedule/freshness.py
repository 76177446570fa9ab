"""When a poll is worth its price: the policy, pure.

Entries that wait to be found cost; so does a request. What one request is worth, in hours that entries wait, is the
price, one for all feeds. If N entries are expected by the time t, a request at t spares them, until another moment u,
N * (u - t) hours of waiting. It is due at the t that makes up for twice the price soonest: that with the least
t + 2 * price / N. For a feed without rhythm this is the interval sqrt(2 * price / rate), which is the cheapest there is
(Cho and Garcia-Molina 2003); for one that publishes in batches it is right behind the batch (Sia, Cho and Cho 2007).

Where a feed may be polled only every so often, a poll rules out others for that long: one that comes just before a
batch makes the whole batch wait. The moment is then put off to where that costs the least, whatever the price.
"""

import math
from dataclasses import dataclass

from aggregator.schedule.intensity import BINS, Intensity

_FINE = 3.0  # hours in which a poll may come at any five minutes
_WINDOW_USED = 0.25  # of a document's entries, that may be expected to be new
_NOTABLE, _DAILY = 0.25, 8.0  # hours between polls: below nothing is ruled out that matters, above no hour can be kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Walls:
    """The least and the most hours to wait."""

    shortest: float
    longest: float


def best_wait(
    expects: Intensity, since: float, walls: Walls, *, price: float, window: int = 0, hint: float = 0.0
) -> float:
    """Return how many hours after ``since`` the next poll is due, never outside the walls.

    ``price`` is in entry-hours, above 0. A document of ``window`` entries is not left alone for so long that a good
    part of it may be gone (SC-33); 0: that is not known. ``hint`` hours are asked for by the feed or its server: who
    holds the poll to them will find no moment behind them better than the one returned.
    """
    most = _affordable(expects, window)
    wait = _cheapest(expects, since, walls, price, most)
    apart = max(walls.shortest, hint)
    if not _NOTABLE <= apart <= _DAILY or wait >= 2 * apart:
        return wait
    return min(max(wait, _put_off(expects, since, apart, most)), walls.longest)


def _affordable(expects: Intensity, window: int) -> float:
    """Return how many entries may be expected to be new; fewer of a feed that was livelier than of late."""
    if not window:
        return math.inf
    return window * _WINDOW_USED * min(1.0, expects.rate / expects.usual)


def _cheapest(expects: Intensity, since: float, walls: Walls, price: float, most: float) -> float:
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


def _put_off(expects: Intensity, since: float, apart: float, most: float) -> float:
    """Return after how many hours, from ``apart`` to twice that, a poll makes entries wait the least.

    That is for each hour until another poll ``apart`` later; 0 where to poll as soon as possible is as good.
    """
    ends, came, waited = [0.0], [0.0], [0.0]
    for at, expected in expects.marks(since, since + 3 * apart + 1 / BINS, math.inf):
        waited.append(waited[-1] + (came[-1] + expected) / 2 * (at - since - ends[-1]))
        came.append(expected)
        ends.append(at - since)
    steps = round(apart * BINS)
    soonest = next(place for place, end in enumerate(ends) if end >= apart)
    best, least = soonest, math.inf
    for place in range(soonest, len(ends) - steps):
        if ends[place] > 2 * apart or (came[place] > most and place > soonest):
            break
        waiting = (waited[place + steps] - came[place] * steps / BINS) / ends[place + steps]
        if waiting < least * (1 - 1e-9):
            best, least = place, waiting
    return ends[best] if best > soonest else 0.0
