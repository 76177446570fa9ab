"""The whole configuration: settings and feeds, or every problem of every file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aggregator.feeds.distinct import distinct
from aggregator.feeds.gather import gather
from aggregator.feeds.rows import Row
from aggregator.model import FeedConfig
from aggregator.settings import ConfigError, Problem, Settings
from aggregator.settings.document import Document
from aggregator.url.origin import host_origin

_OURS = "a feed of this aggregator's own site (site.base_url) cannot be given headers, auth or a proxy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Settings, the feeds that they and their lists name, and remarks about rows of the lists that were left out."""

    settings: Settings
    feeds: tuple[FeedConfig, ...]  # each once, in the order of the files; disabled ones too
    notes: tuple[Problem, ...]
    over_api: tuple[str, ...] = ()  # URLs of those feeds that stand in the list beside the store


def load(path: Path, environ: Mapping[str, str]) -> Configuration:
    """Return the configuration in ``path``, overridden by ``environ``.

    A feed that is named again is left out with a note (OP-04), like a row of an OPML or text list that is no usable
    feed (OP-03). Raises ConfigError with every problem of ``path``, of the included files and of the environment.
    """
    gathered = gather(path, environ)
    rows, repeated = distinct(gathered.rows)
    if ours := [row.note(_OURS) for row in rows if _is_personal_to_us(row.feed, gathered.settings.site.base_url)]:
        raise ConfigError(ours)
    feeds = tuple(row.feed for row in rows)
    return Configuration(
        settings=gathered.settings,
        feeds=feeds,
        notes=(*gathered.notes, *repeated),
        over_api=tuple(row.feed.url for row in rows if _stands_in(row, gathered.settings.added)),
    )


def _stands_in(row: Row, path: Path) -> bool:
    return isinstance(row.source, Document) and row.source.file == str(path.resolve())


def _is_personal_to_us(feed: FeedConfig, base_url: str) -> bool:
    """Whether the program would ask itself in somebody's name (SS-17)."""
    return feed.options is not None and host_origin(feed.url) == host_origin(base_url)
