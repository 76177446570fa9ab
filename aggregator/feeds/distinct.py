"""Each feed once (OP-04)."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from aggregator.feeds.rows import Row
from aggregator.settings import Problem
from aggregator.settings.values import shown

_PORTS = {"http": 80, "https": 443}


def distinct(rows: Iterable[Row]) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    """Return the first row of every feed, and a note for every other."""
    first: dict[str, Row] = {}
    notes = []
    for row in rows:
        earlier = first.setdefault(sameness(row.feed.url), row)
        if earlier is not row:
            place = str(earlier.note("")).removesuffix(": ")
            notes.append(row.note(f"left out: {_twice(shown(row.feed.url), shown(earlier.feed.url))} at {place}"))
    return tuple(first.values()), tuple(notes)


def _twice(url: str, earlier: str) -> str:
    return f"{url} is named already" if url == earlier else f"{url} is {earlier}, which is named"


def sameness(url: str) -> str:
    """Return what two spellings of one feed share, whatever their scheme, default port and trailing slash."""
    parts = urlsplit(url)
    port = "" if parts.port in {None, _PORTS[parts.scheme]} else f":{parts.port}"
    userinfo = parts.netloc.rpartition("@")[0]
    return f"{userinfo}@{parts.hostname}{port}{parts.path.rstrip('/')}?{parts.query}"
