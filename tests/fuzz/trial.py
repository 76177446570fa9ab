"""One round of cases from one seed, each within its time."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is fuzzed: ``check`` raises for a case that breaks a promise; it gets ``seconds`` of processor time."""

    name: str
    cases: SearchStrategy[Any]
    check: Callable[[Any], None]
    seconds: float


class EscapeError(Exception):
    """A promise was broken; the smallest case found is in the notes."""


def run_round(target: Target, *, seed: int, cases: int) -> int:
    """Try so many cases, the same ones for the same seed and code; return how many. Raises ``EscapeError``."""
    tried = 0

    def attempt(case: Any) -> None:
        nonlocal tried
        tried += 1
        with _limited(target.seconds):
            target.check(case)

    try:
        _search(target, attempt, number=seed, cases=cases)
    except Exception as error:
        raise EscapeError(f"{target.name}, seed {seed}") from error
    return tried


def _search(target: Target, attempt: Callable[[Any], None], *, number: int, cases: int) -> None:
    search = settings(
        max_examples=cases,
        deadline=None,
        database=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    seed(number)(search(given(case=target.cases)(attempt)))()


class _OverdueError(BaseException):
    """Goes through every ``except Exception`` on its way."""


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    def end(_signal: int, _frame: FrameType | None) -> None:
        raise _OverdueError

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    except _OverdueError as overdue:
        raise AssertionError(f"it took longer than {seconds} seconds") from overdue
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
