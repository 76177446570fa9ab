"""``aggregator websub …``: what hubs tell us of, and what a URL offers."""

import asyncio
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say, say_row, when
from aggregator.daemon import clock, guarded_fetcher
from aggregator.feeds import shown
from aggregator.fetch import FetchRequest
from aggregator.model import Failed, Fetched, FetchResult, Offer
from aggregator.parse import parse
from aggregator.settings import Settings
from aggregator.store.location import open_store
from aggregator.websub.discovery import Named, offered

app = typer.Typer(
    help="List subscriptions at hubs, and find the hub of a feed or a page.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_subscriptions(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Print every subscription: feed, state, until when, hub, and its trouble; separated by tabs.

    \b
    Example:
      aggregator websub list
    """
    with open_store(configured(config).settings.store.url).read() as work:
        found = work.subscriptions.all()
    for each in found:
        until = when(each.lease_until) if each.lease_until else "-"
        say_row(shown(each.url), each.state, until, shown(each.offer.hub), each.reason or "")


@app.command()
def discover(
    url: Annotated[str, typer.Argument(help="The address of a feed or a page.")], config: ConfigOption = DEFAULT_CONFIG
) -> None:
    """Ask for a URL; print the hub that tells of its news, and what the hub calls it.

    \b
    Example:
      aggregator websub discover https://www.example.org/feed.xml
    """
    answer = asyncio.run(_ask(configured(config).settings, url))
    offer = offer_of(answer) if isinstance(answer, Fetched) else None
    if offer is None:
        complain(
            (answer.advice or answer.message)
            if isinstance(answer, Failed)
            else f"{shown(url)} names no hub: it has to be polled"
        )
        raise typer.Exit(1)
    say(f"hub: {offer.hub}")
    say(f"topic: {offer.topic}")


async def _ask(settings: Settings, url: str) -> FetchResult:
    async with guarded_fetcher(settings, [url]) as fetcher:
        return await fetcher.fetch(FetchRequest(url=url))


def offer_of(answer: Fetched) -> Offer | None:
    """Return what a document offers: the hub that tells of its news."""
    read = parse(answer.body, url=answer.url, content_type=answer.headers.get("content-type"), now=clock())
    hubs = getattr(read, "hubs", ())
    from aggregator.websub.page import named_in_page  # noqa: PLC0415 - BeautifulSoup takes a tenth of a second to load

    document = Named(hubs=hubs, topic=getattr(read, "topic", None)) if hubs else named_in_page(answer.body, answer.url)
    return offered(answer.headers.get("link", ""), document, answer.url)
