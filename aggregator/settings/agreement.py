"""Values that are right alone and wrong together. Looks at the file as written, so that it sees past other problems."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import chain, pairwise
from typing import Any
from urllib.parse import urlsplit

from aggregator.settings.document import Document
from aggregator.settings.models import ScheduleSettings
from aggregator.settings.positions import KeyPath
from aggregator.settings.problems import Problem
from aggregator.settings.values import duration, duration_text, quoted


def disagreements(document: Document) -> Iterator[Problem]:
    """Yield a problem for every list, group or output named twice, for bounds of the schedule out of order, and for
    hubs that could not reach us.
    """
    outputs = (_names(document.data, (kind,)) for kind in ("export", "webhook", "command"))
    yield from _repeated(document, "outputs", list(chain(*outputs)))
    yield from _repeated(document, "fetch.groups", _names(_table(document.data, "fetch"), ("fetch", "groups")))
    yield from _repeated(document, "enrich.custom", _names(_table(document.data, "enrich"), ("enrich", "custom")))
    includes = enumerate(_listed(document.data, "include"))
    yield from _repeated(document, "include", [(("include", i), path) for i, path in includes])
    yield from _out_of_order(document)
    yield from _unreachable(document)


def _names(table: dict[str, Any], path: tuple[str, ...]) -> list[tuple[KeyPath, object]]:
    """Return the name of every table in the array at the end of ``path``, with its place."""
    tables = enumerate(_listed(table, path[-1]))
    return [((*path, at, "name"), listed.get("name")) for at, listed in tables if isinstance(listed, dict)]


def _listed(table: dict[str, Any], key: str) -> list[Any]:
    values = table.get(key)
    return values if isinstance(values, list) else []


def _table(data: dict[str, Any], key: str) -> dict[str, Any]:
    table = data.get(key)
    return table if isinstance(table, dict) else {}


def _repeated(document: Document, what: str, values: Iterable[tuple[KeyPath, object]]) -> Iterator[Problem]:
    seen = set()
    for path, value in values:
        if isinstance(value, str):
            if value in seen:
                yield document.problem(path, f"{what}: {quoted(value)} is named twice", kind="conflict")
            seen.add(value)


def _out_of_order(document: Document) -> Iterator[Problem]:
    written = _table(document.data, "schedule")
    for low, high in pairwise(("min", "default", "max")):
        short, long = (_bound(written, name) for name in (low, high))
        if short is not None and long is not None and short > long:
            blamed = high if high in written else low
            message = f"{low} ({duration_text(short)}) exceeds {high} ({duration_text(long)})"
            yield document.problem(
                ("schedule", blamed), f"schedule: expected min <= default <= max, but {message}", kind="conflict"
            )


def _unreachable(document: Document) -> Iterator[Problem]:
    """WS-08: a hub has to find the site, and what it sends there is to stay between us."""
    if _table(document.data, "websub").get("enabled") is not True:
        return
    base = urlsplit(str(_table(document.data, "site").get("base_url", "")))
    if base.scheme != "https" or base.hostname == "localhost" or base.hostname is None:
        message = "websub: enabled needs the [site] base_url under which hubs reach this site, with https"
        yield document.problem(("websub", "enabled"), message, kind="conflict")
    if _table(document.data, "web").get("listen") == "off":
        yield document.problem(
            ("websub", "enabled"), 'websub: enabled needs the site, but [web] listen is "off"', kind="conflict"
        )


def _bound(written: dict[str, object], name: str) -> timedelta | None:
    try:
        return duration(written.get(name, ScheduleSettings.model_fields[name].default))
    except ValueError:
        return None
