"""``aggregator stories``: records of different feeds that tell of one event."""

from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured, say, say_row, when
from aggregator.store.location import open_store

_EACH = 50  # records of a cluster that are listed


def stories(
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=1000, help="How many clusters to show.")] = 10,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """List clusters of records from different feeds that tell of one event, the latest first.

    A line with the cluster's id and how many records it has; then a line each: when it was told, the slug, the feed,
    the title; separated by tabs. They are found while `aggregator run` runs with [enrich] stories = true.

    \b
    Example:
      aggregator stories -n 3
    """
    settings = configured(config).settings
    with open_store(settings.store.url).read() as work:
        found = work.clusters.latest(limit=limit, each=_EACH)
    if not found and not settings.enrich.stories:
        say("none are looked for: [enrich] stories is not true")
    for told in found:
        say_row(told.cluster.id, str(told.cluster.records))
        for each in told.stories:
            say_row("", when(each.told_at), each.slug, each.source.name, each.title)
