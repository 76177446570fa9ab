"""``aggregator feeds …``: the feeds of the configuration."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.add import add_feed
from aggregator.cli.choosing import chosen, the_one
from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured, say
from aggregator.cli.editing import TAKE_UP, explained
from aggregator.cli.explain import explain
from aggregator.cli.opml import export_feeds, import_feeds
from aggregator.daemon import clock
from aggregator.feeds import remove, set_enabled, shown
from aggregator.store.location import open_store
from aggregator.text.terminal import printable

app = typer.Typer(
    help="List, find, add, remove, pause, resume, refresh, explain, import and export feeds.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

FeedArgument = Annotated[str, typer.Argument(metavar="FEED", help="The feed's URL or name.")]
FeedsArgument = Annotated[list[str], typer.Argument(metavar="FEED...", help="URLs, names or tags of feeds.")]


@app.command("list")
def list_feeds(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Print every configured feed: URL, name, tags, and whether it is paused; separated by tabs.

    \b
    Example:
      aggregator feeds list | cut -f1
    """
    for feed in configured(config).feeds:
        row = (shown(feed.url), feed.name or "", ",".join(feed.tags), "" if feed.enabled else "paused")
        typer.echo("\t".join(map(printable, row)))


app.command("add")(add_feed)
app.command("import")(import_feeds)
app.command("export")(export_feeds)


@app.command("remove")
def remove_feed(feed: FeedArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Remove a feed from the configuration file. Its records stay.

    \b
    Example:
      aggregator feeds remove https://example.org/feed.xml
    """
    url = _url_of(feed, config)
    with explained():
        remove(config, url, os.environ)
    say(f"removed {shown(url)}{TAKE_UP}")


@app.command()
def pause(feed: FeedArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Stop polling a feed and keep it configured (enabled = false).

    \b
    Example:
      aggregator feeds pause "Example News"
    """
    url = _url_of(feed, config)
    with explained():
        set_enabled(config, url, os.environ, enabled=False)
    say(f"paused {shown(url)}{TAKE_UP}")


@app.command()
def resume(feed: FeedArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Poll a paused feed again.

    \b
    Example:
      aggregator feeds resume https://example.org/feed.xml
    """
    url = _url_of(feed, config)
    with explained():
        set_enabled(config, url, os.environ, enabled=True)
    say(f"resumed {shown(url)}{TAKE_UP}")


@app.command()
def refresh(
    feeds: FeedsArgument,
    force: Annotated[bool, typer.Option("--force", help="Also if polled in the last five minutes, or gone.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Ask the running daemon to poll feeds now: by their URL, their name, or all with a tag.

    A feed that was polled in the last five minutes is skipped unless --force is given, and so is one that is gone; one
    whose server asked to wait is skipped always. Each is told, with its reason.

    Exit status: 0 where one was asked for at least, 1 where every one was skipped, 64 nothing is called so.

    \b
    Examples:
      aggregator feeds refresh https://example.org/feed.xml
      aggregator feeds refresh "Example News" --force
      aggregator feeds refresh news
    """
    configuration = configured(config)
    urls = chosen(feeds, configuration)
    store = open_store(configuration.settings.store.url)
    now = clock()
    try:
        with store.work() as work:
            recent = now if force else now - timedelta(minutes=5)
            asked = work.feeds.ask(urls, now, recent=recent, stopped=force)
            granted = set(work.feeds.urls(asked.feeds))
    finally:
        store.close()
    later = "" if store.holder() else "; no daemon is running: it is polled when one starts"
    skipped = dict(asked.skipped)
    for url in urls:
        reason = skipped.get(url, "it is paused, or no daemon has taken it up since it was added")
        say(f"asked for {shown(url)}{later}" if url in granted else f"skipped {shown(url)}: {reason}")
    raise typer.Exit(0 if granted else 1)


app.command()(explain)


def _url_of(feed: str, config: Path) -> str:
    """Return the URL of what is called so; what looks like a URL is looked for by who edits the file."""
    return feed if "://" in feed else the_one(feed, configured(config))
