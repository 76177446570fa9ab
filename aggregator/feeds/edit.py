"""Changing which feeds are configured, in the TOML file where they stand, without touching anything else in it."""

import fcntl
import os
import tomllib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from aggregator.feeds.distinct import sameness
from aggregator.feeds.gather import gather
from aggregator.feeds.replace_file import replace_file
from aggregator.feeds.rows import Row
from aggregator.feeds.splice import NotTables, appended, fields_of, switched, without
from aggregator.model import FeedConfig
from aggregator.settings.document import Document
from aggregator.settings.feed_url import feed_url
from aggregator.settings.values import shown

_ADDED = "# Feeds that were added over the API. The configuration includes this list by itself.\n"
_Feeds = list[dict[str, Any]]


class EditError(Exception):
    """The change cannot be made; says why, and what to do instead."""


def add(path: Path, feed: FeedConfig, environ: Mapping[str, str]) -> None:
    """Append ``feed`` to the configuration file. Raises EditError where any file names it already, or its URL is none.

    Like every change here it raises ConfigError where the configuration cannot be loaded, and it replaces the file at
    once or not at all.
    """
    feed = replace(feed, url=_url(feed.url))
    with _alone(path):
        _, repeated = _sorted([feed], gather(path, environ).rows)
        for _, row in repeated:
            raise EditError(str(row.note(f"{shown(feed.url)} is configured here already")))
        _append(path, [feed])


def add_all(
    path: Path, feeds: Sequence[FeedConfig], environ: Mapping[str, str], *, dry_run: bool = False
) -> tuple[Sequence[FeedConfig], Sequence[str]]:
    """Append, in one edit, the feeds that no file names yet; return them, and a remark on every other (OP-04).

    With ``dry_run`` nothing is written. Raises EditError where the file cannot be edited.
    """
    with _alone(path):
        new, repeated = _sorted(feeds, gather(path, environ).rows)
        if new and not dry_run:
            _append(path, new)
    return new, [str(row.note(f"{shown(feed.url)} is configured here already")) for feed, row in repeated]


def add_beside(path: Path, feed: FeedConfig, environ: Mapping[str, str]) -> bool:
    """Append ``feed`` to the list beside the store, which is made when there is none; the configuration stays as it is.

    False where any file names the feed already.
    """
    feed = replace(feed, url=_url(feed.url))
    with _alone(path):
        gathered = gather(path, environ)
        new, _ = _sorted([feed], gathered.rows)
        added = gathered.settings.added
        if new and not added.exists():
            _create(added)
        if new:
            _append(added, new)
    return bool(new)


def remove(path: Path, url: str, environ: Mapping[str, str]) -> None:
    """Remove the feed from the TOML that names it. Raises EditError where none does, or where another list does too."""
    with _alone(path):
        places = [(_file(row, "remove it there"), row.at) for row in _rows(path, url, environ)]
        for file, at in reversed(places):  # from the end: what stands before keeps its number
            _rewrite(file, partial(without, at=at), partial(_dropped, at=at))


def set_enabled(path: Path, url: str, environ: Mapping[str, str], *, enabled: bool) -> None:
    """Resume or pause the feed in the TOML file that names it. Raises EditError where none does, or a list does."""
    with _alone(path):
        row = _rows(path, url, environ)[0]
        if row.feed.enabled == enabled:
            return
        _rewrite(
            _file(row, "move it into a TOML file to pause it"),
            partial(switched, at=row.at, enabled=enabled),
            lambda feeds: [*feeds[: row.at], {**feeds[row.at], "enabled": enabled}, *feeds[row.at + 1 :]],
        )


def _sorted(feeds: Sequence[FeedConfig], rows: Sequence[Row]) -> tuple[list[FeedConfig], list[tuple[FeedConfig, Row]]]:
    """Part the feeds that are new from those that a row names."""
    named = {sameness(row.feed.url): row for row in reversed(rows)}
    new = [feed for feed in feeds if sameness(feed.url) not in named]
    return new, [(feed, named[sameness(feed.url)]) for feed in feeds if sameness(feed.url) in named]


def _append(path: Path, new: Sequence[FeedConfig]) -> None:
    _rewrite(path, lambda text: appended(text, new), lambda feeds: [*feeds, *map(fields_of, new)])


def _create(path: Path) -> None:
    """Make a list without feeds, for our eyes only: URLs may hold credentials."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(_ADDED)
    except OSError as error:
        raise EditError(f"{path} cannot be written: {error.strerror or error}; nothing is changed") from error


def _url(url: str) -> str:
    try:
        return feed_url(url)
    except ValueError as error:
        raise EditError(str(error)) from error


def _rows(path: Path, url: str, environ: Mapping[str, str]) -> list[Row]:
    """Return every row that names exactly this feed, the one that counts first."""
    wanted = _url(url)
    alike = [row for row in gather(path, environ).rows if sameness(row.feed.url) == sameness(wanted)]
    if not alike or alike[0].feed.url != wanted:
        hint = f"; did you mean {shown(alike[0].feed.url)}?" if alike else "; `aggregator feeds list` shows what is"
        raise EditError(f"{shown(wanted)} is not configured{hint}")
    return [row for row in alike if row.feed.url == wanted]


def _dropped(feeds: _Feeds, at: int) -> _Feeds:
    return feeds[:at] + feeds[at + 1 :]


def _file(row: Row, instead: str) -> Path:
    if isinstance(row.source, Document) and ("feeds",) not in row.source.origins:
        return Path(row.source.file)
    raise EditError(str(row.note(f"{shown(row.feed.url)} stands here, which is not edited: {instead}")))


def _rewrite(path: Path, change: Callable[[str], str], expected: Callable[[_Feeds], _Feeds]) -> None:
    """Change the file's text, once it is sure that the new text says what was meant, and all else as before."""
    body = path.read_bytes()
    mark = BOM_UTF8 if body.startswith(BOM_UTF8) else b""
    before = body.removeprefix(mark).decode()
    data = tomllib.loads(before)
    data["feeds"] = expected(data.get("feeds", []))
    try:
        after = change(before)
        as_meant = {"feeds": [], **tomllib.loads(after)} == data
    except (NotTables, tomllib.TOMLDecodeError):
        as_meant = False
    if not as_meant:
        raise EditError(f"{path}: its feeds are not written as [[feeds]] tables; edit it by hand")
    try:
        replace_file(path, mark + after.encode())
    except OSError as error:
        raise EditError(f"{path} cannot be written: {error.strerror or error}; nothing is changed") from error


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other edits of the same configuration out: the second of two would undo the first."""
    try:
        folder = os.open(path.parent, os.O_RDONLY)  # not the file, which is replaced
    except OSError as error:
        raise EditError(f"{path} cannot be edited: {error.strerror or error}; nothing is changed") from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
