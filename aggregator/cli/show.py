"""``aggregator show``: one record."""

from enum import StrEnum
from typing import Annotated

import orjson
import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured
from aggregator.publish.record import record_fields
from aggregator.publish.text import body_text
from aggregator.store.location import open_store
from aggregator.text.terminal import printable


class Links(StrEnum):
    """What a text has of its links."""

    FOOTNOTES = "footnotes"
    DROP = "drop"


def show(
    slug: Annotated[str, typer.Argument(help="The record's slug, or its url.")],
    text: Annotated[bool, typer.Option("--text", help="Print title and body as plain text.")] = False,
    links: Annotated[Links, typer.Option(help="With --text: addresses at the end, or none.")] = Links.FOOTNOTES,
    width: Annotated[int | None, typer.Option(min=20, help="With --text: break lines at so many characters.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Print one record as indented JSON, or as text.

    \b
    Examples:
      aggregator show meta-pauses-employee-tracking-program
      aggregator show meta-pauses-employee-tracking-program --text --width 72
    """
    settings = configured(config).settings
    with open_store(settings.store.url).read() as work:
        record = work.records.by_slug(slug.rstrip("/").rpartition("/")[2])
    if record is None:
        complain(f"no record has the slug {slug!r}; `aggregator export` lists all of them")
        raise typer.Exit(1)
    if text:
        lines = [record.title, "", *body_text(record.body_md, links=links.value, width=width).split("\n")]
        typer.echo("\n".join(map(printable, lines)))
        return
    typer.echo(orjson.dumps(record_fields(record, settings.site.base_url), option=orjson.OPT_INDENT_2).decode())
