"""``aggregator export``: records as JSON Lines."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured
from aggregator.cli.output import opened
from aggregator.daemon import clock
from aggregator.model import Seq
from aggregator.publish.record import record_line, told_record
from aggregator.store.contract import Store
from aggregator.store.location import open_store

_BATCH = 1000


def export(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Replace this file, all at once; standard output if left out.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Only records changed since then, e.g. 2026-06-24 or 2026-06-24T22:00Z.")
    ] = None,
    consumer: Annotated[
        str | None, typer.Option(help="Only what this named consumer has not had; its place is remembered.")
    ] = None,
    start: Annotated[
        Literal["beginning", "now"], typer.Option("--from", help="Where a new consumer starts.")
    ] = "beginning",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write records as JSON Lines.

    Without --consumer: every current record once, in the order of its last change. With it: every change that the
    consumer has not had; a changed record is written again, and later lines supersede earlier ones. The consumer's
    place moves only after the output is written, so that a broken pipe repeats lines and loses none.

    \b
    Examples:
      aggregator export -o records.jsonl
      aggregator export --consumer nightly | gzip >> archive.jsonl.gz
    """
    if since is not None and consumer is not None:
        raise typer.BadParameter("--since and --consumer exclude each other")
    after = None if since is None else _moment(since)
    settings = configured(config).settings
    store = open_store(settings.store.url)
    base_url = settings.site.base_url
    try:
        with opened(output) as out:
            if consumer is None:
                _write_current(store, after, base_url, out)
            else:
                seq = _write_changes(store, consumer, start, base_url, out)
        if consumer is not None:
            with store.work() as work:
                work.consumers.advance(consumer, seq, clock())
    finally:
        store.close()


def _write_current(store: Store, since: datetime | None, base_url: str, out: BinaryIO) -> None:
    with store.read() as work:
        out.writelines(record_line(record, base_url) for record in work.records.current(since))


def _write_changes(store: Store, consumer: str, start: str, base_url: str, out: BinaryIO) -> Seq:
    """Write what the consumer has not had; return where its cursor belongs once that is flushed."""
    with store.read() as work:
        cursor = work.consumers.cursor(consumer)
        seq = work.log.last() if cursor is None and start == "now" else cursor or Seq(0)
        while changes := work.log.after(seq, limit=_BATCH):
            out.writelines(record_line(record, base_url) for change in changes if (record := told_record(change)))
            seq = changes[-1].seq
    return seq


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date or time such as 2026-06-24 or 2026-06-24T22:00Z") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
