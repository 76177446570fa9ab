"""``aggregator show``: one record."""

from typing import Annotated

import orjson
import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured
from aggregator.publish.record import record_fields
from aggregator.store.location import open_store


def show(
    slug: Annotated[str, typer.Argument(help="The record's slug, or its url.")], config: ConfigOption = DEFAULT_CONFIG
) -> None:
    """Print one record as indented JSON.

    \b
    Example:
      aggregator show meta-pauses-employee-tracking-program
    """
    settings = configured(config).settings
    with open_store(settings.store.url).read() as work:
        record = work.records.by_slug(slug.rstrip("/").rpartition("/")[2])
    if record is None:
        complain(f"no record has the slug {slug!r}; `aggregator export` lists all of them")
        raise typer.Exit(1)
    typer.echo(orjson.dumps(record_fields(record, settings.site.base_url), option=orjson.OPT_INDENT_2).decode())
