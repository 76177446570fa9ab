"""``aggregator search``: finding stories from the command line."""

from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say, say_row, when
from aggregator.daemon import clock
from aggregator.publish.record import record_line
from aggregator.store.contract import Store, StoreUnavailableError
from aggregator.store.index import Results
from aggregator.store.location import open_store
from aggregator.store.query import parse_query
from aggregator.text.counted import counted

_MOST_BEHIND = 50_000  # changes that a command takes the time for: some seconds
_BATCH = 500  # changes in one transaction


def search(
    words: Annotated[list[str], typer.Argument(help="What to look for; see the examples.")],
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=1000, help="How many stories to show.")] = 10,
    json: Annotated[bool, typer.Option("--json", help="Print records as JSON Lines.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Find stories that have all of the words, the best and newest first: date, title and url of each.

    "a phrase" has to stand as it is, begin* finds what begins so, -word is to be missing; title:, source:, topic:,
    entity: and lang: narrow the search.

    \b
    Examples:
      aggregator search ferry harbour
      aggregator search '"last boat" topic:transport -strike'
      aggregator search --json 'title:harb* lang:en'
    """
    settings = configured(config).settings
    store = open_store(settings.store.url)
    _catch_up(store)
    query = parse_query(" ".join(words))
    with store.read() as work:
        results = work.searching.find(query, offset=0, limit=limit, now=int(clock().timestamp()))
        records = [work.records.by_slug(hit.glimpse.slug) for hit in results.hits] if json else []
    for record in records:
        if record is not None:
            typer.echo(record_line(record, settings.site.base_url), nl=False)
    if not json:
        _print(results, settings.site.base_url)
    if not results.hits:
        raise typer.Exit(1)


def _catch_up(store: Store) -> None:
    """Index what is not indexed yet, in short transactions; what cannot be written, or is a lot, is left as it is."""
    try:
        with store.read() as work:
            behind = work.indexing.behind()
        if behind > _MOST_BEHIND:
            complain(
                f"{counted(behind, 'change')} not looked through yet: `aggregator run` and `serve` see to it by and by"
            )
        if not 0 < behind <= _MOST_BEHIND:
            return
        more = 1
        while more:
            with store.work() as work:
                more = work.indexing.catch_up(limit=_BATCH)
    except StoreUnavailableError as error:
        complain(f"the newest stories are not looked through: {error}")
    finally:
        store.close()


def _print(results: Results, base_url: str) -> None:
    for hit in results.hits:
        story = hit.glimpse
        say_row(when(story.told_at), story.title, f"{base_url}/news/{story.slug}")
    said = f"more than {results.most}" if results.total >= results.most else str(results.total)
    say(f"{said} found" if results.total else "nothing found")
