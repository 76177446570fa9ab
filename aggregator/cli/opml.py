"""``aggregator feeds import`` and ``export``: OPML in and out."""

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say
from aggregator.cli.editing import TAKE_UP, explained
from aggregator.cli.output import opened
from aggregator.daemon import guarded_fetcher
from aggregator.feeds import LARGEST, add_all, read_import, shown, to_opml
from aggregator.fetch import FetchRequest
from aggregator.model import Failed, Fetched
from aggregator.settings import Settings
from aggregator.text.terminal import printable

_WEB = re.compile(r"https?://", re.IGNORECASE)


def import_feeds(
    source: Annotated[str, typer.Argument(help='An OPML file, "-" for standard input, or the URL of one.')],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be added, and change nothing.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add the feeds of an OPML list to the configuration file, in one edit.

    Folders and categories become tags. Nothing is asked of any feed now: the daemon takes them up at its pace. Feeds
    that are configured already stay as they are, and no feed is ever removed because a list does not name it. A file
    that ends in .txt is read as one URL on each line. Rows that are no usable feed are named on standard error.

    Exit status: 0 the list was read, 1 it cannot be had, 78 it is no list.

    \b
    Examples:
      aggregator feeds import subscriptions.opml --dry-run
      aggregator feeds import https://example.org/blogroll.opml
    """
    settings = configured(config).settings
    body = _body(source, settings)
    rows, repeated, refused = read_import(shown(source), body, settings.fetch.allow_networks)
    with explained():
        added, there = add_all(config, [row.feed for row in rows], os.environ, dry_run=dry_run)
    for problem in refused:
        complain(str(problem))
    for note in (*repeated, *there):
        complain(f"note: {note}")
    if dry_run:
        for feed in added:
            typer.echo("\t".join(map(printable, (shown(feed.url), feed.name or "", ",".join(feed.tags)))))
    say(
        f"{len(added)} {'would be added' if dry_run else 'added'}, {len(repeated) + len(there)} already there,"
        f" {len(refused)} refused{TAKE_UP.replace(' it up', ' them up') if added and not dry_run else ''}"
    )


def export_feeds(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Replace this file, all at once; standard output if left out.")
    ] = None,
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="Leave user names and passwords in the URLs.")
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write the configured feeds as OPML.

    The first tag of a feed is its folder, the others are its categories. What was exported can be imported as it was.

    \b
    Example:
      aggregator feeds export -o feeds.opml
    """
    text = to_opml(configured(config).feeds, with_secrets=with_secrets)
    with opened(output) as out:
        out.write(text.encode())


def _body(source: str, settings: Settings) -> bytes:
    """Return the list. Ends the program where it cannot be had (OP-09: by the guarded fetcher)."""
    if _WEB.match(source):
        answer = asyncio.run(_fetched(source, settings))
        if answer is None:
            raise typer.Exit(1)
        return answer.body
    try:
        if source == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(source).open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        complain(
            f"{source} cannot be read: {error.strerror or error}; name a file, an https URL, or - for standard input"
        )
        raise typer.Exit(1) from error


async def _fetched(url: str, settings: Settings) -> Fetched | None:
    async with guarded_fetcher(settings, [url]) as fetcher:
        answer = await fetcher.fetch(FetchRequest(url=url))
    if isinstance(answer, Fetched):
        return answer
    why = (answer.advice or answer.message) if isinstance(answer, Failed) else "unchanged"
    complain(f"{shown(url)} cannot be had: {why}; or save it, and import the file")
    return None
