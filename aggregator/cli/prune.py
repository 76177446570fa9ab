"""``aggregator prune``: delete what is not to be kept."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured, say
from aggregator.daemon import clock
from aggregator.feeds import shown
from aggregator.model import Keep
from aggregator.outputs import names
from aggregator.settings.checks import keep as read_keep
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from aggregator.store.retention import forget_raw
from aggregator.store.retention import prune as pruned
from aggregator.store.writer import Writer
from aggregator.text.counted import counted


def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and delete nothing.")] = False,
    keep: Annotated[
        str | None, typer.Option(help='Instead of [store] keep: "365d", "1000 per feed" or "forever".')
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Delete what [store] keep and raw_keep do not keep; the daemon does so every hour.

    With a record go its revisions and its lines in the change log. What a feed still carries does not come back as new.
    What an output of the configuration has not had yet stays, and what another consumer has not had, for 30 days. Runs
    beside the daemon, in short steps.

    \b
    Examples:
      aggregator prune --dry-run
      aggregator prune --keep "1000 per feed"
    """
    settings = configured(config).settings
    wanted = settings.store.keep if keep is None else _read(keep)
    outputs = names(settings)
    store = open_store(settings.store.url)
    if wanted is None:
        say("everything is kept: [store] keep says forever")
    elif dry_run:
        _preview(store, wanted, outputs)
    else:
        say(f"{counted(asyncio.run(_prune(store, wanted, outputs)), 'record')} deleted")
    before = clock() - settings.store.raw_keep
    documents = _old_documents(store, before) if dry_run else asyncio.run(_forget(store, before))
    if documents:
        say(f"{documents} documents {'would be ' if dry_run else ''}deleted")


def _read(text: str) -> Keep | None:
    try:
        return read_keep(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _preview(store: Store, keep: Keep, outputs: Sequence[str]) -> None:
    with store.read() as work:
        feeds = work.retention.prunable(keep, clock(), waits_for=outputs)
    for feed in feeds:
        say(f"{feed.records}\t{shown(feed.url)}")
    say(f"{counted(sum(feed.records for feed in feeds), 'record')} would be deleted")


async def _prune(store: Store, keep: Keep, outputs: Sequence[str]) -> int:
    async with Writer(store) as write:
        return await pruned(write, keep, clock(), waits_for=outputs)


def _old_documents(store: Store, before: datetime) -> int:
    with store.read() as work:
        return work.raw.count(before)


async def _forget(store: Store, before: datetime) -> int:
    async with Writer(store) as write:
        return await forget_raw(write, before)
