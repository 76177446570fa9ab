"""``aggregator feeds add``: a feed, or the feeds that a page names."""

import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say
from aggregator.cli.editing import TAKE_UP, explained
from aggregator.daemon import clock, guarded_fetcher
from aggregator.digest.job import DigestJob
from aggregator.digest.workers import Digester
from aggregator.feeds import Candidate, Discovery, add, add_all, discover, shown
from aggregator.fetch import FetchRequest, OriginBudget
from aggregator.model import Digest, FeedConfig, Fetched, FetchResult, Unreadable
from aggregator.settings import Settings
from aggregator.settings.feed_url import feed_url
from aggregator.settings.values import duration
from aggregator.url.origin import origin


def add_feed(
    url: Annotated[str, typer.Argument(help="A feed's URL, or a page's that names feeds.")],
    *,
    name: Annotated[str | None, typer.Option(help="What to call it.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag; may be given several times.")] = None,
    interval: Annotated[str | None, typer.Option(help='How often to poll it, e.g. "15m" or "2h".')] = None,
    every: Annotated[bool, typer.Option("--all", help="Where a page names several feeds: all of them.")] = False,
    check: Annotated[bool, typer.Option(help="Look at the URL first; without, it is taken for a feed's.")] = True,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add a feed to the configuration file.

    The URL is asked for once. A feed is added; of a page, the feed that it names. Where it names several you are asked
    which, or, where nobody can be asked, they are listed. Six requests at most are made, with the pauses, limits and
    the address guard of polling. A URL that the network does not reach is added unchecked, with a warning.

    Exit status: 0 added, 1 not added: there already, no feed found, or several and none chosen.

    \b
    Examples:
      aggregator feeds add https://example.org/feed.xml --name Example --tag news
      aggregator feeds add https://example.org
      aggregator feeds add https://example.org --all
    """
    if every and name is not None:
        raise typer.BadParameter("--all and --name exclude each other")
    settings = configured(config).settings
    asked_for = _url(url)
    feed = FeedConfig(url=asked_for, name=name, tags=tuple(tag or ()), interval=_interval(interval))
    urls = _found(asked_for, settings, every=every) if check else [asked_for]
    with explained():
        if len(urls) == 1:
            add(config, _with_url(feed, urls[0]), os.environ)
            added: Sequence[FeedConfig] = [_with_url(feed, urls[0])]
        else:
            added, there = add_all(config, [_with_url(feed, each) for each in urls], os.environ)
            for remark in there:
                complain(remark)
    for each in added:
        say(f"added {shown(each.url)}{TAKE_UP}")


def _found(url: str, settings: Settings, *, every: bool) -> list[str]:
    """Return the feeds to add. Ends the program where there is none, or no choice."""
    found = asyncio.run(_discovered(url, settings))
    if found.unasked:
        complain(f"warning: {shown(url)} could not be checked, and is added as it is: {found.trouble}")
        return [url]
    if not found.candidates:
        complain(f"{shown(url)} is not added: {found.trouble}\n--no-check adds it all the same")
        raise typer.Exit(1)
    chosen = found.candidates if every else _chosen(url, found.candidates)
    return [each.url for each in chosen]


def _chosen(url: str, named: Sequence[Candidate]) -> Sequence[Candidate]:
    if len(named) == 1:
        return named
    complain(f"{shown(url)} names {len(named)} feeds:")
    for number, each in enumerate(named, start=1):
        complain(f"{number:3}  {each.url}  {each.title or ''}".rstrip())
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        complain("add one of them by its URL, or all with --all")
        raise typer.Exit(1)
    answer = typer.prompt('Which one? A number, or "all"', err=True).strip().lower()
    if answer == "all":
        return named
    if not answer.isdecimal() or not 1 <= int(answer) <= len(named):
        complain("none is added")
        raise typer.Exit(1)
    return [named[int(answer) - 1]]


async def _discovered(url: str, settings: Settings) -> Discovery:
    budget = OriginBudget(per_host=1, host_delay=settings.fetch.host_delay, concurrency=1)
    async with guarded_fetcher(settings, [url]) as fetcher, Digester(1) as digester:

        async def ask(address: str) -> FetchResult:
            async with budget.slot(origin(address)):
                return await fetcher.fetch(FetchRequest(url=address))

        async def read(document: Fetched) -> Digest | Unreadable:
            return await digester(_job(document))

        return await discover(url, ask, read)


def _job(document: Fetched) -> DigestJob:
    return DigestJob(
        feed_url=document.url,
        url=document.url,
        body=document.body,
        content_type=document.headers.get("content-type"),
        now=clock(),
        known={},
        link_identity=False,
        enabled=frozenset(),
    )


def _with_url(feed: FeedConfig, url: str) -> FeedConfig:
    return FeedConfig(url=url, name=feed.name, tags=feed.tags, interval=feed.interval)


def _url(url: str) -> str:
    try:
        return feed_url(url)
    except ValueError as error:
        complain(str(error))
        raise typer.Exit(1) from error


def _interval(text: str | None) -> timedelta | None:
    try:
        return None if text is None else duration(text, least=timedelta(seconds=1))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
