"""``aggregator worker``: one process of a fleet."""

import asyncio
import shlex
import sys

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured
from aggregator.cli.logs import configure_logs
from aggregator.daemon import log_report
from aggregator.settings import Settings
from aggregator.store.fleet import FleetStore
from aggregator.store.location import open_store
from aggregator.tooling import unshareable
from aggregator.working import work


def worker(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Poll the feeds together with other workers, until stopped.

    Needs a store in PostgreSQL. Start as many as you like, on any machine, with the same configuration: no feed is
    polled twice at once, and every site is asked as gently as by one process. What one of them held when it was killed
    goes on with the others within a minute. SIGTERM and Ctrl-C finish what is under way and hand it over; a second one
    exits at once.

    Exit status: 69 the store cannot be used, or is a file; 75 a process polls it alone; 78 wrong configuration.

    \b
    Example:
      aggregator worker -c /etc/aggregator/aggregator.toml
    """
    configure_logs()
    configuration = configured(config)
    expect_shareable(configuration.settings)
    store = open_store(configuration.settings.store.url)
    if not isinstance(store, FleetStore):
        complain("[store] url is an SQLite file, which one process polls: `aggregator run`. A fleet needs PostgreSQL")
        raise typer.Exit(69)
    with store.joined(shlex.join(["aggregator", *sys.argv[1:]])) as queue:
        asyncio.run(work(configuration, store, queue, on_report=log_report))


def expect_shareable(settings: Settings) -> None:
    """Exit with status 78 where processes with these settings could not poll one store together."""
    trouble = unshareable(settings)
    if trouble is not None:
        complain(trouble)
        raise typer.Exit(78)
