"""The whole configuration: settings and feeds, or every problem of every file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aggregator.feeds.distinct import distinct
from aggregator.feeds.gather import gather
from aggregator.model import FeedConfig
from aggregator.settings import Problem, Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Settings, the feeds that they and their lists name, and remarks about rows of the lists that were left out."""

    settings: Settings
    feeds: tuple[FeedConfig, ...]  # each once, in the order of the files; disabled ones too
    notes: tuple[Problem, ...]


def load(path: Path, environ: Mapping[str, str]) -> Configuration:
    """Return the configuration in ``path``, overridden by ``environ``.

    A feed that is named again is left out with a note (OP-04), like a row of an OPML or text list that is no usable
    feed (OP-03). Raises ConfigError with every problem of ``path``, of the included files and of the environment.
    """
    gathered = gather(path, environ)
    rows, repeated = distinct(gathered.rows)
    feeds = tuple(row.feed for row in rows)
    return Configuration(settings=gathered.settings, feeds=feeds, notes=(*gathered.notes, *repeated))
