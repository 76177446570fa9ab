"""``aggregator plan``: what the configuration as it is on disk would change."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from aggregator.cli.check import FormatOption
from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured, is_colourful, say
from aggregator.feeds import Comparison, Configuration, compare, shown
from aggregator.model import FeedConfig, KnownFeed
from aggregator.settings.difference import Described, Difference, described, differences
from aggregator.settings.values import duration_text
from aggregator.store.contract import StoreError
from aggregator.store.location import open_store
from aggregator.text.counted import counted
from aggregator.text.terminal import printable

_TOLD = ("name", "tags", "interval", "enabled")  # what a store knows of a feed's configuration
_COLOURS = {"+": "green", "-": "red", ">": "cyan", "~": "yellow"}


def plan(
    config: ConfigOption = DEFAULT_CONFIG,
    form: FormatOption = "text",
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with status 1 where something would change.")
    ] = False,
) -> None:
    """Show what the configuration on disk would change: settings, and the feeds in the store.

    Settings are compared with those that the daemon last took up: the old value and the new one, and whether that waits
    for a restart. Secrets are masked, so that another secret in the place of one is not seen here; a reload names it.

    A feed that is gone from it and a new one are one that has moved, and keeps its validators, history and sightings,
    where no other could be meant: the same address in another spelling (https, a slash at the end), the address to
    which redirects have led, or the same name. What is in no store is not compared: headers, credentials, full text.
    Nothing is changed here; `aggregator reload`, or the next start, takes it up.

    Exit status: 0, or 1 with --exit-code where something would change; 78 wrong configuration.

    \b
    Examples:
      aggregator plan
      aggregator plan --config new.toml --exit-code
    """
    configuration = configured(config)
    known, in_use = _known(configuration)
    found = compare(known or (), configuration.feeds)
    changed = differences(in_use, described(configuration.settings)) if in_use is not None else []
    if form == "json":
        say(json.dumps({**_fields(found, configuration), "settings": [*map(_setting, changed)]}))
    else:
        for line in _lines(found, changed, configuration, known is not None):
            colour = _COLOURS.get(line[:1]) if is_colourful(sys.stdout) else None
            typer.secho(printable(line), fg=colour)
    raise typer.Exit(1 if exit_code and (changed or not found.is_empty) else 0)


def _known(configuration: Configuration) -> tuple[list[KnownFeed] | None, Described | None]:
    """Return the feeds of the store, None where there is none; and the settings that were last taken up there."""
    try:
        store = open_store(configuration.settings.store.url)
    except StoreError:
        return None, None
    with store.read() as work:
        in_use = work.reloads.in_use()
        return work.feeds.known(), None if in_use is None else json.loads(in_use)


def _setting(difference: Difference) -> dict[str, Any]:
    return {**asdict(difference), "needs_restart": difference.needs_restart}


def _lines(
    found: Comparison, changed: Sequence[Difference], configuration: Configuration, is_there: bool
) -> Iterator[str]:
    if not is_there:
        yield f"there is no store at {configuration.settings.store.url} yet: every feed is new"
    yield from (f"~ {each}{'  (waits for a restart)' if each.needs_restart else ''}" for each in changed)
    yield from (f"+ {_named(feed)}" for feed in found.added)
    yield from (f"+ {_named(feed)}  comes back: what is known of it counts again" for feed in found.returning)
    for move in found.moved:
        yield f"> {_named(move.before)} -> {shown(move.after.url)}  moves ({move.because}): its state is kept"
    yield from (f"~ {_named(after)}  {_difference(before, after)}" for before, after in found.changed)
    yield from (f"- {_named(feed)}  its records stay" for feed in found.removed)
    if configuration.over_api:
        over_api = counted(len(configuration.over_api), "feed")
        yield f"added over the API, and staying: {over_api}, in {configuration.settings.added}"
    yield _summary(found, changed, configuration)
    if found.removed and found.added:
        yield "if an added feed is a removed one under a new URL: under the same name it keeps its state"
    if found.stops_most:
        yield (
            f"{found.stopping} of {counted(found.polled, 'feed')} would be polled no more: `aggregator reload` refuses"
            " that without --force"
        )
    elif changed or not found.is_empty:
        yield "`aggregator reload` has a running daemon take this up"


def _summary(found: Comparison, changed: Sequence[Difference], configuration: Configuration) -> str:
    feeds = counted(len(configuration.feeds), "feed")
    if found.is_empty:
        return f"{counted(len(changed), 'setting')} to change; {feeds}" if changed else f"nothing would change; {feeds}"
    added = len(found.added) + len(found.returning)
    settings = f"{counted(len(changed), 'setting')} to change; " if changed else ""
    return (
        f"{settings}{added} to add, {len(found.changed)} to change, {len(found.moved)} to move, {len(found.removed)} to"
        f" remove; {feeds} then"
    )


def _named(feed: FeedConfig) -> str:
    return f"{shown(feed.url)} ({feed.name})" if feed.name else shown(feed.url)


def _difference(before: FeedConfig, after: FeedConfig) -> str:
    old, new = _told(before), _told(after)
    return ", ".join(f"{key}: {_text(old[key])} -> {_text(new[key])}" for key in _TOLD if old[key] != new[key])


def _told(feed: FeedConfig) -> dict[str, Any]:
    return {
        "name": feed.name,
        "tags": list(feed.tags),
        "interval": duration_text(feed.interval) if feed.interval else None,
        "enabled": feed.enabled,
    }


def _listed(feed: FeedConfig) -> dict[str, Any]:
    return {"url": shown(feed.url), **_told(feed)}


def _text(value: object) -> str:
    return "none" if value is None else json.dumps(value, ensure_ascii=False)


def _fields(found: Comparison, configuration: Configuration) -> dict[str, Any]:
    return {
        "added": [_listed(feed) for feed in found.added],
        "returning": [_listed(feed) for feed in found.returning],
        "removed": [_listed(feed) for feed in found.removed],
        "moved": [
            {"from": shown(move.before.url), "to": shown(move.after.url), "because": move.because}
            for move in found.moved
        ],
        "changed": [
            {"url": shown(after.url), "before": _told(before), "after": _told(after)} for before, after in found.changed
        ],
        "over_api": [shown(url) for url in configuration.over_api],
        "needs_force": found.stops_most,
    }
