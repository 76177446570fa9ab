"""``aggregator replay``: read again what was read before."""

import asyncio
import difflib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say, say_row
from aggregator.cli.exporting import moment
from aggregator.cli.history import changed_parts
from aggregator.cli.logs import configure_logs
from aggregator.cli.progress import progress
from aggregator.daemon import clock
from aggregator.digest.workers import Digester
from aggregator.feeds import shown
from aggregator.model import Feed, Record, Unreadable
from aggregator.replay import Replay
from aggregator.replay import replay as read_again
from aggregator.settings import Settings
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from aggregator.store.replay import Rewording
from aggregator.store.writer import Writer
from aggregator.text.counted import counted
from aggregator.tooling import manner_of


def replay(
    since: Annotated[
        str | None, typer.Option(help="Only what was read since then, e.g. 2026-06-24 or 2026-06-24T22:00Z.")
    ] = None,
    feed: Annotated[list[str] | None, typer.Option(help="Only of this feed: its URL or name.")] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Show what would change, line by line; change nothing.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Read the documents that [store] raw has kept once more, by the rules and the code of today; nothing is fetched.

    A record that would read otherwise gets a new revision and an `updated` line. No story comes, goes or returns; one
    that its feed has edited since keeps the edit. Runs beside the daemon, and may be stopped and run again. Prints a
    line for each record: its slug, its feed, and which parts changed. Try --diff first.

    \b
    Examples:
      aggregator replay --diff | less
      aggregator replay --since 2026-06-01 --feed https://example.org/feed.xml
    """
    configure_logs()
    settings = configured(config).settings
    store, start = open_store(settings.store.url), moment(since)
    with store.read() as work:
        kept = work.raw.feeds(start)
    wanted = [(each, count) for each, count in kept if not feed or each.url in feed or each.name in feed]
    if not wanted:
        hint = "" if settings.store.raw == "changed" else ': [store] raw = "changed" keeps what is read from then on'
        say(f"nothing is kept to be read again{hint}")
        return
    totals: Counter[str] = Counter()
    with progress("reading", sum(count for _, count in wanted)) as advance:

        def on_document(feed: Feed, result: tuple[Rewording, ...] | Unreadable) -> None:
            advance()
            totals["documents"] += 1
            if isinstance(result, Unreadable):
                totals["unreadable"] += 1
                complain(f"cannot read a document of {shown(feed.url)}: {result.message}")
                return
            totals["records"] += len(result)
            for rewording in result:
                _show(feed, rewording, diff=diff)

        asyncio.run(_replay([each for each, _ in wanted], start, store, settings, on_document, look_only=diff))
    would = "would be updated" if diff else "updated"
    documents, records = counted(totals["documents"], "document"), counted(totals["records"], "record")
    say(f"{documents} read, {totals['unreadable']} unreadable, {records} {would}")


async def _replay(
    feeds: Sequence[Feed],
    since: datetime | None,
    store: Store,
    settings: Settings,
    on_document: Callable[[Feed, tuple[Rewording, ...] | Unreadable], None],
    *,
    look_only: bool,
) -> None:
    workers = len(os.sched_getaffinity(0))
    async with AsyncExitStack() as stack:
        digest = await stack.enter_async_context(Digester(workers))
        tools = Replay(
            store=store,
            write=None if look_only else await stack.enter_async_context(Writer(store)),
            digest=digest,
            manner=manner_of(settings),
            clock=clock,
            on_document=on_document,
        )
        waiting = iter(feeds)

        async def some() -> None:
            for feed in waiting:
                await read_again(feed, since, tools)

        await asyncio.gather(*(some() for _ in range(2 * workers)))  # one is read while another is written


def _show(feed: Feed, rewording: Rewording, *, diff: bool) -> None:
    before, after = rewording.before, rewording.after
    parts = changed_parts(before, after)
    say_row(before.slug, shown(feed.url), ", ".join(parts) or "custom")
    for part in parts if diff else ():
        for line in _diff(before, after, part):
            say(line)


def _diff(before: Record, after: Record, part: str) -> Iterator[str]:
    old, new = (_lines(getattr(record, part)) for record in (before, after))
    return difflib.unified_diff(old, new, f"{part}  as it is", f"{part}  read again", lineterm="", n=1)


def _lines(value: object) -> Sequence[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, tuple) else str(value).splitlines()
