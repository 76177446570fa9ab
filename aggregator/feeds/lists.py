"""Lists that other programs write: a row that is no usable feed is left out with its reason (OP-03)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from aggregator.feeds.decode import decode
from aggregator.feeds.listed import Listed
from aggregator.feeds.opml import NotOpml, outlines
from aggregator.feeds.rows import Row
from aggregator.model import FeedConfig
from aggregator.settings import ConfigError, Problem
from aggregator.settings.feed_url import feed_url
from aggregator.settings.values import Network, quoted
from aggregator.url.addresses import is_allowed, read_address


def read_list(path: Path, body: bytes, networks: tuple[Network, ...]) -> tuple[list[Row], list[Problem]]:
    """Return the feeds of an OPML or text list and a note for every row left out.

    A URL with a private address is left out unless one of ``networks`` holds it. Raises ConfigError for no list at all.
    """
    rows: list[Row] = []
    notes: list[Problem] = []
    try:
        for listed in _FORMATS[path.suffix.lower()](decode(body)):
            match _row(listed, str(path), networks):
                case Row() as row:
                    rows.append(row)
                case note:
                    notes.append(note)
    except NotOpml as error:
        raise ConfigError([Problem(file=str(path), line=error.line, message=str(error))]) from error
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
    if _is_private(url, networks):
        message = f"left out: {quoted(url)} points into a private network that fetch.allow_networks does not name"
        return Problem(file=file, line=listed.line, message=message)
    feed = FeedConfig(url=url, name=listed.name, tags=listed.tags)
    return Row(feed=feed, source=file, at=listed.line)


def _is_private(url: str, networks: tuple[Network, ...]) -> bool:
    """Tell what the URL itself gives away; names and odd spellings are for the address guard, at each request."""
    host = urlsplit(url).hostname or ""
    address = read_address("127.0.0.1" if host == "localhost" else host)
    return address is not None and not is_allowed(address, networks)
