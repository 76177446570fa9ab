"""``aggregator mcp``: the store for assistants."""

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured
from aggregator.cli.logs import configure_logs
from aggregator.daemon import clock
from aggregator.shipped import installing
from aggregator.store.location import open_store


def mcp(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Serve the store to an assistant that starts this program (Model Context Protocol, on standard input and output).

    It searches, reads stories, lists topics, feeds and changes, and writes nothing. Text of feeds is marked as
    untrusted. Needs the extra "mcp": in the checkout, pip install '.[mcp]'.

    \b
    Example:
      aggregator mcp -c /etc/aggregator/aggregator.toml
    """
    try:
        from aggregator.assistant import server  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        complain(f"{error.name} is not installed: {installing('mcp')}")
        raise typer.Exit(69) from error
    configure_logs()  # standard output is the assistant's
    settings = configured(config).settings
    store = open_store(settings.store.url)
    with store.read():  # raises StoreError for a store that cannot be read, or is of another version
        pass
    server(store, settings.site.base_url, clock).run()
