"""Enrichers of the operator's own: what they are given, and what becomes of it when they fail.

An enricher is a function ``(Story) -> Mapping``. It runs in the worker processes, once for each new or changed entry.
What it returns is kept beside the record, under its name; an empty mapping is nothing. It may fail as it likes: an
exception, a result that is no JSON or too large, and a call that takes too long lose its own result and nothing else.
"""

import functools
import importlib
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import FrameType
from typing import Any

import orjson

from aggregator.model import CustomEnricher, EnricherFailure

_SECONDS = 1.0  # for one call
_AGAIN_SECONDS = 0.1  # then it is told again and again, should it not listen
_LARGEST = 4096  # bytes of JSON
_MOST_FAILURES = 3  # in a row, before the rest of a document goes without


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What an enricher is given: plain text, clean, and of any length from nothing to megabytes."""

    title: str
    text: str
    summary: str
    lang: str | None  # "en", "zh-Hans"
    url: str  # canonical_source
    published_at: datetime | None  # in UTC
    topics: tuple[str, ...]
    entities: tuple[str, ...]


Enricher = Callable[[Story], Mapping[str, Any]]


class EnricherError(Exception):
    """An enricher gave nothing that can be kept; the message says why."""


class CustomEnrichers:
    """The enrichers of the settings, for the entries of one document."""

    def __init__(self, enrichers: Sequence[CustomEnricher]) -> None:
        self._enrichers = enrichers
        self._in_a_row = dict.fromkeys((each.name for each in enrichers), 0)
        self._failures: dict[str, EnricherFailure] = {}

    @property
    def are_any(self) -> bool:
        """Whether there is anything to ask."""
        return bool(self._enrichers)

    def of(self, story: Story) -> dict[str, object]:
        """Return what each enricher found, by its name."""
        found = {each.name: self._found(each, story) for each in self._enrichers}
        return {name: values for name, values in found.items() if values}

    @property
    def failures(self) -> tuple[EnricherFailure, ...]:
        """What went wrong so far, an enricher each."""
        return tuple(self._failures.values())

    def _found(self, enricher: CustomEnricher, story: Story) -> dict[str, Any] | None:
        if self._in_a_row[enricher.name] >= _MOST_FAILURES:
            return None
        try:
            found = call(resolve(enricher.call), story)
        except EnricherError as error:
            self._in_a_row[enricher.name] += 1
            before = self._failures.get(enricher.name)
            self._failures[enricher.name] = EnricherFailure(
                name=enricher.name,
                times=1 + (before.times if before else 0),
                message=before.message if before else str(error),
            )
            return None
        self._in_a_row[enricher.name] = 0
        return found


@functools.cache
def resolve(path: str) -> Enricher:
    """Return the function that ``package.module:function`` names. Raises EnricherError."""
    module, _, name = path.partition(":")
    try:
        found = functools.reduce(getattr, name.split("."), importlib.import_module(module))
    except Exception as error:
        raise EnricherError(f"{path} cannot be loaded: {error!r:.200}") from error
    if not callable(found):
        raise EnricherError(f"{path} is no function")
    return found


def call(enricher: Enricher, story: Story) -> dict[str, Any]:
    """Return what an enricher finds, as plain JSON has it. Raises EnricherError."""
    try:
        with _time_limit():
            found = enricher(story)
            written = orjson.dumps(found) if isinstance(found, Mapping) else b""
    except _OverTimeError:
        raise EnricherError(f"it took longer than {_SECONDS:g} s") from None
    except (Exception, SystemExit) as error:
        raise EnricherError(f"{error!r:.200}") from error
    if not written.startswith(b"{"):
        raise EnricherError(f"expected a mapping, got {type(found).__name__}")
    if len(written) > _LARGEST:
        raise EnricherError(f"its result has {len(written)} bytes of JSON, more than {_LARGEST}")
    return orjson.loads(written)  # type: ignore[no-any-return]


class _OverTimeError(BaseException):
    """Not an Exception: an enricher that catches everything must not catch this."""


@contextmanager
def _time_limit() -> Iterator[None]:
    """Interrupt the block when its time is over; only a main thread, which a worker's is, can be."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, _SECONDS, _AGAIN_SECONDS)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise _OverTimeError
