"""Every row of the configuration and of the lists that it includes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aggregator.feeds.lists import LARGEST, read_list
from aggregator.feeds.rows import Row, row_of
from aggregator.settings import ConfigError, Problem, Settings
from aggregator.settings.document import Document, parse
from aggregator.settings.load import Examined, examine, examine_list
from aggregator.settings.models import FeedList
from aggregator.settings.values import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What all files say, repeated feeds included."""

    settings: Settings
    rows: tuple[Row, ...]
    notes: tuple[Problem, ...]


def gather(path: Path, environ: Mapping[str, str]) -> Gathered:
    """Return the settings and all rows in order. Raises ConfigError with every problem of every file."""
    examined = examine(path, environ)
    rows = list(_rows(examined.settings, examined.document))
    notes: list[Problem] = []
    problems = list(examined.problems)
    networks = examined.settings.fetch.allow_networks if examined.settings else ()
    for index, included in (*examined.includes, *_added(examined)):
        try:
            more, remarks = _included(included, networks, environ)
        except OSError as error:
            message = f"include: {included} cannot be read: {error.strerror or error}"
            problems.append(examined.document.problem(("include", index), message, kind="unreadable"))
        except ConfigError as error:
            problems += error.problems
        else:
            rows += more
            notes += remarks
    if examined.settings is None or problems:
        raise ConfigError(problems)
    return Gathered(settings=examined.settings, rows=tuple(rows), notes=tuple(notes))


def _added(examined: Examined) -> Iterator[tuple[int, Path]]:
    """Yield the list of the feeds that were added over the API, where there is one, as if it were included."""
    added = examined.settings and examined.settings.added.resolve()
    if added and added.exists() and added not in (included.resolve() for _, included in examined.includes):
        yield len(examined.includes), added


def _included(path: Path, networks: tuple[Network, ...], environ: Mapping[str, str]) -> tuple[list[Row], list[Problem]]:
    if path.suffix.lower() != ".toml":
        with path.open("rb") as file:
            body = file.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise ConfigError([Problem(file=str(path), message=f"expected a list of at most {LARGEST} bytes")])
        return read_list(path, body, networks)
    document = parse(str(path), path.read_bytes())
    feeds, problems = examine_list(document, environ)
    if problems:
        raise ConfigError(problems)
    return _rows(feeds, document), []


def _rows(feeds: FeedList | None, document: Document) -> list[Row]:
    return [row_of(feed, document, at) for at, feed in enumerate(feeds.feeds if feeds else ())]
