"""Values that are right alone and wrong together. Looks at the file as written, so that it sees past other problems."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import pairwise

from aggregator.settings.document import Document
from aggregator.settings.models import ScheduleSettings
from aggregator.settings.positions import KeyPath
from aggregator.settings.problems import Problem
from aggregator.settings.values import duration, duration_text, quoted


def disagreements(document: Document) -> Iterator[Problem]:
    """Yield a problem for every list or export named twice, and for bounds of the schedule out of order."""
    exports, includes = (_listed(document, key) for key in ("export", "include"))
    names = [(("export", i, "name"), table.get("name")) for i, table in enumerate(exports) if isinstance(table, dict)]
    yield from _repeated(document, names)
    yield from _repeated(document, [(("include", i), path) for i, path in enumerate(includes)])
    yield from _out_of_order(document)


def _listed(document: Document, key: str) -> list[object]:
    values = document.data.get(key)
    return values if isinstance(values, list) else []


def _repeated(document: Document, values: Iterable[tuple[KeyPath, object]]) -> Iterator[Problem]:
    seen = set()
    for path, value in values:
        if isinstance(value, str):
            if value in seen:
                yield document.problem(path, f"{path[0]}: {quoted(value)} is named twice")
            seen.add(value)


def _out_of_order(document: Document) -> Iterator[Problem]:
    table = document.data.get("schedule")
    written = table if isinstance(table, dict) else {}
    for low, high in pairwise(("min", "default", "max")):
        short, long = (_bound(written, name) for name in (low, high))
        if short is not None and long is not None and short > long:
            blamed = high if high in written else low
            message = f"{low} ({duration_text(short)}) exceeds {high} ({duration_text(long)})"
            yield document.problem(("schedule", blamed), f"schedule: expected min <= default <= max, but {message}")


def _bound(written: dict[str, object], name: str) -> timedelta | None:
    try:
        return duration(written.get(name, ScheduleSettings.model_fields[name].default))
    except ValueError:
        return None
