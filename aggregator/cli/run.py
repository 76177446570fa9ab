"""``aggregator run``: the daemon."""

import asyncio
import os
import shlex
import sys

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured
from aggregator.cli.logs import configure_logs
from aggregator.daemon import serve
from aggregator.store.location import open_store


def run(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Poll the feeds until stopped: the daemon.

    It also writes the [[export]] files. SIGTERM and Ctrl-C finish what is under way; a second one exits at once.
    Nothing is lost either way.

    \b
    Example:
      aggregator run -c /etc/aggregator/aggregator.toml
    """
    configure_logs()
    configuration = configured(config)
    store = open_store(configuration.settings.store.url, create=True)
    with store.exclusive(shlex.join(["aggregator", *sys.argv[1:]])):
        asyncio.run(serve(configuration, store, os.environ))
