"""Feeds as people name them at the prompt: by URL, by name, or several by a tag."""

from collections.abc import Iterable

import typer

from aggregator.cli.console import complain
from aggregator.feeds import Configuration, shown
from aggregator.model import FeedConfig
from aggregator.settings.problems import nearest
from aggregator.settings.values import quoted

_USAGE = 64


def chosen(words: Iterable[str], configuration: Configuration) -> list[str]:
    """Return the URLs of the feeds that are named, each once; exit as wrong usage where a word names none.

    A word is a URL, else a name, else a tag; names and tags in capitals or not.
    """
    found: dict[str, None] = {}
    strangers = []
    for word in words:
        urls = [feed.url for feed in _meant(word, configuration.feeds)]
        found |= dict.fromkeys(urls)
        strangers += [] if urls else [word]
    for word in strangers:
        complain(
            f"{_said(word)} is no URL, name or tag of a configured feed{_near(word, configuration.feeds)};"
            " `aggregator feeds list` shows them"
        )
    if strangers:
        raise typer.Exit(_USAGE)
    return list(found)


def the_one(word: str, configuration: Configuration) -> str:
    """Return the URL of the one feed that is named; exit as wrong usage where that is none, or several."""
    urls = chosen([word], configuration)
    if len(urls) > 1:
        complain(f"{_said(word)} names {len(urls)} feeds: {', '.join(map(shown, urls))}; name one by its URL")
        raise typer.Exit(_USAGE)
    return urls[0]


def _meant(word: str, feeds: Iterable[FeedConfig]) -> list[FeedConfig]:
    same = word.casefold()
    by_url = [feed for feed in feeds if feed.url == word]
    by_name = [feed for feed in feeds if feed.name is not None and feed.name.casefold() == same]
    return by_url or by_name or [feed for feed in feeds if same in map(str.casefold, feed.tags)]


def _near(word: str, feeds: Iterable[FeedConfig]) -> str:
    known = [shown(feed.url) for feed in feeds]
    known += [name for feed in feeds for name in (feed.name, *feed.tags) if name]
    return nearest(shown(word), known)


def _said(word: str) -> str:
    return shown(word) if "://" in word else quoted(word)
