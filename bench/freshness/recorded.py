"""Histories of real feeds: the dates of the entries in captures of them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from aggregator.model import Unreadable
from aggregator.parse import parse
from bench.freshness.trace import DAY, Trace

CORPUS = Path(__file__).parents[2] / "../shared/corpus"
_FOLDERS = ("feeds-real", "feeds-series")
_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_OLDEST = datetime(1997, 1, 1, tzinfo=UTC)  # what is older is no date of a feed's entry
_LONGEST = 60 * DAY
_SHORTEST = DAY  # what is known of an hour says nothing of days
_FEWEST = 6
_WINDOWS = (5, 10, 15, 25, 40)


def recorded() -> Iterator[Trace]:
    """Yield a trace of every capture with enough dates; what comes of one feed again and again is one trace."""
    series: dict[str, set[float]] = {}
    for folder in _FOLDERS:
        for path in sorted((CORPUS / folder).rglob("*")):
            if path.is_file() and path.suffix != ".tsv":
                name = str(path.relative_to(CORPUS).parent if folder == "feeds-series" else path.relative_to(CORPUS))
                series.setdefault(name, set()).update(_dates(path))
    for name, dates in series.items():
        if (trace := _trace(name, sorted(dates))) is not None:
            yield trace


def _dates(path: Path) -> Iterator[float]:
    read = parse(path.read_bytes(), url="http://a.example/", content_type=None, now=_NOW)
    if isinstance(read, Unreadable):
        return
    for entry in read.entries:
        date = entry.published or entry.updated
        if date is not None and _OLDEST < date < _NOW:
            yield date.timestamp()


def _trace(name: str, dates: list[float]) -> Trace | None:
    """Return the trace of a feed that is first polled when it has published a third of what is known of it.

    It ends when another entry may be expected. How many entries its document holds is not known of what it held then:
    chance decides, by the name.
    """
    if len(dates) < _FEWEST or dates[-1] - dates[0] < DAY:
        return None
    gap = (dates[-1] - dates[0]) / (len(dates) - 1)
    chance = blake2b(name.encode(), digest_size=3).digest()
    until = dates[-1] + gap * chance[2] / 256
    since = max(dates[len(dates) // 3] + gap * chance[0] / 256, until - _LONGEST)
    if until - since < _SHORTEST or not any(since < date for date in dates):
        return None
    window = min(_WINDOWS[chance[1] % len(_WINDOWS)], max(3, len(dates) // 2))
    return Trace(name=name, kind="real", times=tuple(dates), since=since, until=until, window=window)
