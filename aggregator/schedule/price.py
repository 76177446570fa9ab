"""What a request is worth: one price for all feeds, which a budget of requests moves."""

import math
from dataclasses import dataclass
from typing import Final

PRICE: Final = 1 / 3  # entry-hours: a feed of one entry a day is asked every four hours
_LEAST, _MOST = 1e-4, 1e3
_STEP = 1.5  # at most, at once: many polls are still scheduled at the old price


@dataclass(slots=True)
class Price:
    """The price of the moment, in entry-hours."""

    value: float = PRICE


def repriced(price: float, asked: float, budget: float) -> float:
    """Return the price after a time in which so many requests were made where ``budget`` were to be.

    Requests go with the inverse root of the price; it is moved by less than that says, since they answer late.
    """
    wrong = math.sqrt(max(asked, 1.0) / budget)
    return min(max(price * min(max(wrong, 1 / _STEP), _STEP), _LEAST), _MOST)
