"""``aggregator identity``: what is held to be one story, why, and what undoes it."""

from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say, say_row, when
from aggregator.daemon import clock
from aggregator.feeds import shown
from aggregator.store.location import open_store
from aggregator.store.past import Name, PartingError

app = typer.Typer(
    help="See which entries and links are held to be one story, and part what is not.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Slug = Annotated[str, typer.Argument(help="The record's slug, or its url.")]


@app.command()
def show(slug: Slug, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List the entries, links and merged records that lead to a record, why they do, and how sure that is.

    \b
    Example:
      aggregator identity show meta-pauses-employee-tracking-program
    """
    settings = configured(config).settings
    with open_store(settings.store.url).read() as work:
        names = work.past.names(_slug(slug))
    if not names:
        complain(f"no record has the slug {slug!r}; `aggregator export` lists all of them")
        raise typer.Exit(1)
    for name in names:
        say_row(*_cells(name))


@app.command()
def unmerge(
    slug: Annotated[str, typer.Argument(help="The record that was merged; or the one that has an entry too many.")],
    entry: Annotated[str | None, typer.Argument(help="That entry: its guid or its link.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Undo a wrong merge: what was held to be one story becomes two, and stays two.

    With a slug alone: the record that was merged into another one is a record again, with an `updated` line. With an
    entry: it becomes a record of its own, with a `new` line, and its feed is read again with its next poll; where its
    words had overwritten those of the record, they come back with an `updated` line.

    \b
    Examples:
      aggregator identity unmerge meta-pauses-program
      aggregator identity unmerge meta-pauses-program https://example.org/another-story
    """
    settings = configured(config).settings
    store = open_store(settings.store.url)
    try:
        with store.work() as work:
            parted = work.past.part(_slug(slug), entry, clock())
    except PartingError as error:
        complain(str(error))
        raise typer.Exit(1) from error
    finally:
        store.close()
    say(f"{parted.slug} is {'again ' if parted.restored else ''}a record of its own, parted from {parted.from_slug}")


def _slug(text: str) -> str:
    return text.rstrip("/").rpartition("/")[2]


def _cells(name: Name) -> tuple[str, ...]:
    why = name.reason or ("guid" if name.kind == "entry" else "own")
    sure = "" if name.confidence is None else f"{name.confidence:.2f}"
    return (name.kind, name.name, why, sure, when(name.first_seen), shown(name.feed or ""), name.link or "")
