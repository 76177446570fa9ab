"""``aggregator serve``: the site alone."""

import asyncio
import os

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured
from aggregator.cli.logs import configure_logs
from aggregator.daemon import clock
from aggregator.jobs import stop_on_signals
from aggregator.settings import Settings
from aggregator.store.contract import Store
from aggregator.store.indexer import Indexer
from aggregator.store.location import open_store
from aggregator.store.writer import Writer
from aggregator.web.writing import writing

_INDEX_EVERY = 2.0  # seconds


def serve(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Serve the site until stopped, without polling.

    The daemon (`aggregator run`) serves it too. This is for a store that another process polls, or nobody does; one
    that may only be read will do, and is searched as far as it was indexed.

    \b
    Example:
      aggregator serve -c /etc/aggregator/aggregator.toml
    """
    configure_logs()
    settings = configured(config).settings
    if settings.web.listen == "off":
        complain('[web] listen is "off": say where to listen, such as "127.0.0.1:8077"')
        raise typer.Exit(78)
    store = open_store(settings.store.url)
    with store.read():  # raises StoreError for a store that cannot be read, or is of another version
        pass
    try:
        asyncio.run(_serve(settings, store))
    except OSError as error:
        complain(
            f"cannot listen at {settings.web.listen}: {error.strerror or error}; set [web] listen to another address"
        )
        raise typer.Exit(69) from error


async def _serve(settings: Settings, store: Store) -> None:
    # Not at the top: commands that serve nothing need not wait for what it takes to.
    from aggregator.web.serving import serving  # noqa: PLC0415

    stopping = stop_on_signals()
    async with Writer(store) as write, serving(settings, store, clock, writing(write, settings, os.environ)):
        indexer = Indexer(write)
        indexing = asyncio.create_task(_index(indexer, stopping))
        await stopping.wait()
        indexer.stop()
        await indexing


async def _index(indexer: Indexer, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        await indexer.catch_up()
        try:
            async with asyncio.timeout(_INDEX_EVERY):
                await stopping.wait()
        except TimeoutError:
            continue
