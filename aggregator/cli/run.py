"""``aggregator run``: the daemon."""

import asyncio
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured
from aggregator.cli.logs import configure_logs
from aggregator.cli.worker import expect_shareable
from aggregator.daemon import clock, log_report, serve
from aggregator.feeds import Configuration
from aggregator.poll import Report
from aggregator.store.contract import Store
from aggregator.store.fleet import FleetStore
from aggregator.store.location import open_store


def run(
    config: ConfigOption = DEFAULT_CONFIG,
    plain: Annotated[bool, typer.Option("--plain", help="Log lines on a terminal too.")] = False,
) -> None:
    """Poll the feeds until stopped: the daemon.

    It also writes the [[export]] files, sends to webhooks and commands, and serves the site. On a terminal it shows a
    dashboard of polls, records and errors; elsewhere it logs a line of JSON a poll. SIGTERM and Ctrl-C finish what is
    under way; a second one exits at once. Nothing is lost either way. SIGHUP has the configuration read
    again; where it means that the terminal is gone, the daemon stops.

    \b
    Examples:
      aggregator run -c /etc/aggregator/aggregator.toml
      aggregator run --plain
    """
    configure_logs()
    configuration = configured(config)
    store = open_store(configuration.settings.store.url, create=True)
    if isinstance(store, FleetStore):
        expect_shareable(configuration.settings)
    owner = shlex.join(["aggregator", *sys.argv[1:]])
    with _held(store, owner) as queue, _shown(configuration, store, plain) as on_report:
        attended = sys.stdin.isatty() and sys.stderr.isatty()
        asyncio.run(serve(configuration, store, os.environ, on_report=on_report, attended=attended, queue=queue))


@contextmanager
def _held(store: Store, owner: str) -> Iterator[str | None]:
    """Hold the store, alone or as the one of a fleet that has the outputs; offer the address of the fleet's queue."""
    if not isinstance(store, FleetStore):
        with store.exclusive(owner):
            yield None
    else:
        with store.leading(owner), store.joined(owner) as queue:
            yield queue


def _shown(configuration: Configuration, store: Store, plain: bool) -> AbstractContextManager[Callable[[Report], None]]:
    """Return what offers where the polls go: to the log, or to a person who watches."""
    if plain or not sys.stderr.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        return nullcontext(log_report)
    from aggregator.cli.dashboard import dashboard  # noqa: PLC0415 - a service has no use for what draws

    return dashboard(store, len(configuration.feeds), clock)
