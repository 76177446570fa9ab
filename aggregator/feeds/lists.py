"""Lists that other programs write: a row that is no usable feed is left out with its reason (OP-03)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from aggregator.feeds.decode import decode
from aggregator.feeds.distinct import distinct
from aggregator.feeds.listed import Listed
from aggregator.feeds.opml import NotOpml, outlines
from aggregator.feeds.rows import Row
from aggregator.model import FeedConfig
from aggregator.settings import ConfigError, Problem
from aggregator.settings.feed_url import feed_url
from aggregator.settings.values import Network, duration, quoted
from aggregator.url.addresses import is_allowed, read_spelling

LARGEST = 10_000_000  # bytes of an OPML or text list (OP-01)


def read_list(path: Path, body: bytes, networks: tuple[Network, ...]) -> tuple[list[Row], list[Problem]]:
    """Return the feeds of an OPML or text list and a note for every row left out.

    A URL with a private address is left out unless one of ``networks`` holds it. Raises ConfigError for no list at all.
    """
    return read_rows(str(path), body, networks, _FORMATS[path.suffix.lower()])


def read_import(
    name: str, body: bytes, networks: tuple[Network, ...]
) -> tuple[tuple[Row, ...], tuple[Problem, ...], tuple[Problem, ...]]:
    """Return the feeds of a list to import, each once, and remarks on rows that are repeated and that are refused.

    What is called ``.txt`` is a text list, all else OPML. Raises ConfigError for no list, or one of over 10 MB (OP-01).
    """
    if len(body) > LARGEST:
        raise ConfigError([Problem(file=name, message=f"expected a list of at most {LARGEST} bytes")])
    rows, refused = read_rows(name, body, networks, lines if name.lower().endswith(".txt") else outlines)
    once, repeated = distinct(rows)
    return once, repeated, tuple(refused)


def read_rows(
    name: str, body: bytes, networks: tuple[Network, ...], read: Callable[[str], Iterator[Listed]]
) -> tuple[list[Row], list[Problem]]:
    """Return the rows of a list called ``name``, and a note for every one that is no usable feed."""
    rows: list[Row] = []
    notes: list[Problem] = []
    try:
        for listed in read(decode(body)):
            match _row(listed, name, networks):
                case Row() as row:
                    rows.append(row)
                case note:
                    notes.append(note)
    except NotOpml as error:
        raise ConfigError([Problem(file=name, line=error.line, message=str(error))]) from error
    return rows, notes


def lines(text: str) -> Iterator[Listed]:
    """Yield what a text list holds: one URL a line, a name after it where there is one; ``#`` starts a comment."""
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        comment = next((at for at, word in enumerate(words) if word.startswith("#")), len(words))
        if comment:
            yield Listed(url=words[0], name=" ".join(words[1:comment]) or None, tags=(), line=number)


_FORMATS: dict[str, Callable[[str], Iterator[Listed]]] = {".opml": outlines, ".xml": outlines, ".txt": lines}


def _row(listed: Listed, file: str, networks: tuple[Network, ...]) -> Row | Problem:
    try:
        url = feed_url(listed.url)
    except ValueError as error:
        return Problem(file=file, line=listed.line, message=f"left out: {error}")
    if is_private(url, networks):
        message = f"left out: {quoted(url)} points into a private network that fetch.allow_networks does not name"
        return Problem(file=file, line=listed.line, message=message)
    feed = FeedConfig(
        url=url, name=listed.name, tags=listed.tags, interval=_interval(listed.interval), enabled=listed.enabled
    )
    return Row(feed=feed, source=file, at=listed.line)


def _interval(text: str | None) -> timedelta | None:
    """A list is no configuration: an interval that cannot be read is none. The schedule's bounds hold for any."""
    try:
        return duration(text, least=timedelta(seconds=1)) if text else None
    except ValueError:
        return None


def is_private(url: str, networks: tuple[Network, ...]) -> bool:
    """Tell what the URL itself gives away; what names lead to is for the address guard, at each request."""
    host = urlsplit(url).hostname or ""
    address = read_spelling("127.0.0.1" if host == "localhost" else host)
    return address is not None and not is_allowed(address, networks)
