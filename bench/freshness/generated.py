"""Histories made up, seeded: four weeks of polling after four weeks of publishing."""

import random
from collections.abc import Callable, Iterator
from itertools import accumulate

from bench.freshness.trace import DAY, HOUR, MINUTE, Trace

BEGIN = 1_780_272_000.0  # Monday, 2026-06-01
_LEARN, _POLLED = 28, 28  # days
_WINDOWS = (10, 15, 20, 30, 50)
_HINTS = (0.0, 0.0, 0.0, 0.0, 15 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR)


def generated(*, seed: int = 1, each: int = 20) -> Iterator[Trace]:
    """Yield so many feeds of each kind."""
    for kind, publish in _KINDS.items():
        for number in range(each):
            chance = random.Random(f"{seed} {kind} {number}")
            times = sorted(BEGIN + time for time in publish(chance) if time < (_LEARN + _POLLED) * DAY)
            since = BEGIN + _LEARN * DAY + chance.uniform(0, DAY)
            until = BEGIN + (_LEARN + _POLLED) * DAY
            yield Trace(
                name=f"{kind} {number}",
                kind=kind,
                times=tuple(times),
                since=since,
                until=until,
                window=chance.choice(_WINDOWS),
                least=chance.choice(_HINTS),
            )


def _thinned(chance: random.Random, most: float, factor: Callable[[float], float]) -> Iterator[float]:
    """Yield events of a rate that is ``most`` a day times a factor of at most 1."""
    at = 0.0
    while at < (_LEARN + _POLLED) * DAY:
        at += chance.expovariate(most / DAY)
        if chance.random() < factor(at):
            yield at


def _a_rate(chance: random.Random) -> float:
    return min(chance.lognormvariate(0.7, 1.5), 150.0)  # entries a day: half of all feeds have two or fewer


def _bursty(chance: random.Random) -> Iterator[float]:
    """Seldom anything; then one thing after the other for an hour or two."""
    for at in _thinned(chance, _a_rate(chance) / 4, lambda _: 1.0):
        gaps = (chance.expovariate(1 / (15 * MINUTE)) for _ in range(chance.randint(2, 8)))
        yield from accumulate(gaps, initial=at)


def _diurnal(chance: random.Random) -> Iterator[float]:
    """Sixteen busy hours, eight quiet ones, somewhere on earth."""
    dawn = chance.uniform(0, DAY)
    yield from _thinned(chance, 1.5 * _a_rate(chance), lambda at: 1.0 if (at - dawn) % DAY < 16 * HOUR else 0.05)


def _weekday(chance: random.Random) -> Iterator[float]:
    """Office hours, somewhere on earth."""
    dawn = chance.uniform(0, DAY)

    def busy(at: float) -> float:
        day, hour = divmod(at - dawn, DAY)
        return 1.0 if day % 7 < 5 and hour < 9 * HOUR else 0.03

    yield from _thinned(chance, 3.5 * _a_rate(chance), busy)


def _dormant(chance: random.Random) -> Iterator[float]:
    """Nothing for weeks, then alive."""
    wakes = chance.uniform(_LEARN, _LEARN + _POLLED) * DAY
    rate = _a_rate(chance)
    yield from _thinned(chance, rate, lambda at: 1.0 if at > wakes else 0.02)


def _batch(chance: random.Random) -> Iterator[float]:
    """Scheduled at 09:00 of some zone, on most days, within minutes."""
    hour, entries, weekdays = chance.randrange(24), chance.randint(1, 6), chance.random() < 0.5
    for day in range(_LEARN + _POLLED):
        if (weekdays and day % 7 >= 5) or chance.random() < 0.1:
            continue
        for place in range(chance.randint(1, entries)):
            yield day * DAY + hour * HOUR + place * 20 + chance.uniform(0, 2 * MINUTE)


def _dying(chance: random.Random) -> Iterator[float]:
    """Half as much with every week or so."""
    half = chance.uniform(4, 10) * DAY
    begins = _LEARN * DAY
    yield from _thinned(chance, 2 * _a_rate(chance), lambda at: 0.5 ** (max(0.0, at - begins) / half))


_KINDS: dict[str, Callable[[random.Random], Iterator[float]]] = {
    "bursty": _bursty,
    "diurnal": _diurnal,
    "weekday": _weekday,
    "dormant": _dormant,
    "batch": _batch,
    "dying": _dying,
}
