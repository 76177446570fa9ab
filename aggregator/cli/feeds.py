"""``aggregator feeds …``: the feeds of the configuration."""

import os
from datetime import timedelta
from typing import Annotated

import typer

from aggregator.cli.add import add_feed
from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured, refuse_strangers, say
from aggregator.cli.editing import TAKE_UP, explained
from aggregator.cli.explain import explain
from aggregator.cli.opml import export_feeds, import_feeds
from aggregator.daemon import clock
from aggregator.feeds import remove, set_enabled, shown
from aggregator.store.contract import Store, StoreBusyError
from aggregator.store.location import open_store
from aggregator.text.terminal import printable

app = typer.Typer(
    help="List, find, add, remove, pause, resume, refresh, explain, import and export feeds.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

UrlArgument = Annotated[str, typer.Argument(help="The feed's URL.")]


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
def remove_feed(url: UrlArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Remove a feed from the configuration file. Its records stay.

    \b
    Example:
      aggregator feeds remove https://example.org/feed.xml
    """
    with explained():
        remove(config, url, os.environ)
    say(f"removed {shown(url)}{TAKE_UP}")


@app.command()
def pause(url: UrlArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Stop polling a feed and keep it configured (enabled = false).

    \b
    Example:
      aggregator feeds pause https://example.org/feed.xml
    """
    with explained():
        set_enabled(config, url, os.environ, enabled=False)
    say(f"paused {shown(url)}{TAKE_UP}")


@app.command()
def resume(url: UrlArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Poll a paused feed again.

    \b
    Example:
      aggregator feeds resume https://example.org/feed.xml
    """
    with explained():
        set_enabled(config, url, os.environ, enabled=True)
    say(f"resumed {shown(url)}{TAKE_UP}")


@app.command()
def refresh(
    url: UrlArgument,
    force: Annotated[bool, typer.Option("--force", help="Also if polled in the last five minutes, or gone.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Ask the running daemon to poll a feed now.

    \b
    Example:
      aggregator feeds refresh https://example.org/feed.xml
    """
    configuration = configured(config)
    refuse_strangers([url], configuration)
    store = open_store(configuration.settings.store.url)
    now = clock()
    try:
        with store.work() as work:
            recent = now if force else now - timedelta(minutes=5)
            asked = work.feeds.ask([url], now, recent=recent, stopped=force)
    finally:
        store.close()
    for _, reason in asked.skipped:
        say(f"skipped {shown(url)}: {reason}")
    if asked.feeds:
        say(f"asked for {shown(url)}{'' if _polled(store) else '; no daemon is running: it is polled when one starts'}")
    elif not asked.skipped:
        say(f"skipped {shown(url)}: it is paused, or no daemon has been started since it was added")


app.command()(explain)


def _polled(store: Store) -> bool:
    """Whether a process polls the store."""
    try:
        with store.exclusive("aggregator feeds refresh"):
            return False
    except StoreBusyError:
        return True
