"""``aggregator duplicates``: the same text elsewhere."""

from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say_row
from aggregator.feeds import shown
from aggregator.store.location import open_store


def duplicates(
    slug: Annotated[str, typer.Argument(help="The record's slug, or its url.")], config: ConfigOption = DEFAULT_CONFIG
) -> None:
    """List the records that have nearly the same text as one, the likest first.

    One line each: about how much of the text they share, the slug, the feed, the title; separated by tabs. Copies are
    found when they come, up to two weeks apart; texts of fewer than twenty words are nobody's copies.

    \b
    Example:
      aggregator duplicates meta-pauses-employee-tracking-program
    """
    settings = configured(config).settings
    with open_store(settings.store.url).read() as work:
        record = work.records.by_slug(slug.rstrip("/").rpartition("/")[2])
        found = work.duplicates.of([record.id]).get(record.id, ()) if record else ()
    if record is None:
        complain(f"no record has the slug {slug!r}; `aggregator export` lists all of them")
        raise typer.Exit(1)
    for each in found:
        say_row(f"{each.likeness:.2f}", each.slug, shown(each.feed.url), each.title)
