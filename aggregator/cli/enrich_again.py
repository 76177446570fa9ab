"""``aggregator enrich again``: what is stored, by the rules and the words of today."""

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say, say_row
from aggregator.cli.exporting import moment
from aggregator.cli.history import changed_parts
from aggregator.cli.logs import configure_logs
from aggregator.cli.progress import progress
from aggregator.daemon import clock
from aggregator.digest.workers import Digester
from aggregator.enrich.editions import FIELDS
from aggregator.feeds import shown
from aggregator.model import Record, Renewal, Selection, Unreadable
from aggregator.renewing import Renewed, Renewing, renew
from aggregator.settings import Settings
from aggregator.settings.problems import nearest
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from aggregator.store.writer import Writer
from aggregator.text.counted import counted
from aggregator.tooling import manner_of

_ALL = "all"
_USAGE = 64
_INTERRUPTED = 130


class AgainGroup(TyperGroup):
    """Takes ``enrich --again topics`` for ``enrich again topics``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """See ``click.Group``."""
        words = [word for arg in args for word in arg.split("=", 1)] if _is_again(args) else args
        if "--again" in words:
            words = ["again", *(word for word in words if word != "--again")]
        return super().parse_args(ctx, words)


def again(
    what: Annotated[
        list[str], typer.Argument(metavar="topics|entities|summary|language|all", help="What to find out again.")
    ],
    feed: Annotated[list[str] | None, typer.Option(help="Only records of this feed: its URL or name.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Only records that came or changed since then, e.g. 2026-06-24.")
    ] = None,
    diff: Annotated[
        bool, typer.Option("--diff", "--dry-run", help="Show what would change in each record; change nothing.")
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Find out about stored records again, after a change of the vocabulary, the word lists or the rules.

    A record that comes out otherwise gets a new revision and an `updated` line; all others stay as they are. What a
    language model said stays, and so do the tags of your rules and a feed's own summary. Works on what is stored,
    beside the daemon; may be stopped at any time, and goes on where it was when run again. Prints a line for each
    record: its slug, its feed, and which parts changed.

    \b
    Examples:
      aggregator enrich again topics --diff | less
      aggregator enrich again topics
      aggregator enrich again all --feed https://example.org/feed.xml --since 2026-06-01
    """
    configure_logs()
    settings = configured(config).settings
    enrichers = _enrichers(what, settings)
    store, selection = open_store(settings.store.url), Selection(feeds=tuple(feed or ()), since=moment(since))
    _refuse_unknown(feed or [], store)
    with store.read() as work:
        records = work.renewals.count(selection)
    totals: Counter[str] = Counter()
    try:
        with progress("enriching", records) as advance:

            def on_record(each: Renewed) -> None:
                advance()
                totals["records"] += 1
                totals[_told(each, diff=diff)] += 1

            asyncio.run(_renew(enrichers, selection, store, settings, on_record, look_only=diff))
    except KeyboardInterrupt:
        complain(f"stopped after {totals['records']} of {counted(records, 'record')}; run it again to go on")
        raise typer.Exit(_INTERRUPTED) from None
    would = "would be updated" if diff else "updated"
    say(
        f"{counted(totals['records'], 'record')}, {totals['today']} of them by today's rules already,"
        f" {totals['unreadable']} unreadable, {totals['changed']} {would}"
    )


def _is_again(args: list[str]) -> bool:
    return any(arg == "--again" or arg.startswith("--again=") for arg in args)


def _enrichers(what: list[str], settings: Settings) -> frozenset[str]:
    """Return the enrichers that are meant. Exits as wrong usage where there is no such, or it is off."""
    enabled = frozenset(settings.enrich.enabled) & FIELDS.keys()
    if what == [_ALL]:
        return enabled
    for each in what:
        if each not in FIELDS:
            expected = f"expected {', '.join(FIELDS)} or {_ALL}"
            complain(f"{each!r} is nothing that can be found out again: {expected}{nearest(each, FIELDS)}")
            raise typer.Exit(_USAGE)
        if each not in enabled:
            complain(f"{each!r} is off: [enrich] enabled does not name it")
            raise typer.Exit(_USAGE)
    return frozenset(what)


def _refuse_unknown(feeds: list[str], store: Store) -> None:
    with store.read() as work:
        known = {name for status in work.feeds.statuses() for name in (status.url, status.name) if name}
    for each in feeds:
        if each not in known:
            complain(f"{shown(each)} is not a configured feed{nearest(each, sorted(known))}")
            raise typer.Exit(_USAGE)


async def _renew(
    enrichers: frozenset[str],
    selection: Selection,
    store: Store,
    settings: Settings,
    on_record: Callable[[Renewed], None],
    *,
    look_only: bool,
) -> None:
    async with AsyncExitStack() as stack:
        digester = await stack.enter_async_context(Digester(len(os.sched_getaffinity(0))))
        tools = Renewing(
            store=store,
            write=None if look_only else await stack.enter_async_context(Writer(store)),
            renew=digester.renew,
            manner=manner_of(settings),
            clock=clock,
        )
        async for batch in renew(tools, enrichers, selection):
            for each in batch:
                on_record(each)


def _told(each: Renewed, *, diff: bool) -> str:
    """Print what became of a record, where that is worth a line; return what it counts as."""
    record, result = each.stored.record, each.result
    match result:
        case Unreadable():
            complain(f"cannot enrich {record.slug}: {result.message}")
            return "unreadable"
        case Renewal(changed=changed) if changed:
            _show(each.stored.feed_url, record, replace(record, **changed), diff=diff)  # type: ignore[arg-type]
            return "changed"
    return "today" if result is None else "same"


def _show(feed_url: str, before: Record, after: Record, *, diff: bool) -> None:
    parts = changed_parts(before, after)
    say_row(before.slug, shown(feed_url), ", ".join(parts))
    for part in parts if diff else ():
        for line in _lines(part, getattr(before, part), getattr(after, part)):
            say(line)


def _lines(part: str, before: object, after: object) -> Iterator[str]:
    if isinstance(before, tuple) and isinstance(after, tuple):
        gone, come = [each for each in before if each not in after], [each for each in after if each not in before]
        yield f"  {part}  {', '.join(before) or 'none'}"
        yield f"  {'->'.rjust(len(part))}  {', '.join(after) or 'none'}"
        if gone or come:
            yield "  " + " ".join([*(f"-{each}" for each in gone), *(f"+{each}" for each in come)])
    else:
        yield f"  {part}  {before or 'none'}"
        yield f"  {'->'.rjust(len(part))}  {after or 'none'}"
