"""``aggregator export``: records and changes, as JSON Lines or CSV."""

from pathlib import Path
from typing import Annotated, Literal, get_args

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured
from aggregator.cli.exporting import Reading, export_on, export_once, moment
from aggregator.model import ChangeKind, Selection
from aggregator.publish.formats import packed, rendering
from aggregator.store.location import open_store

_KINDS = ", ".join(get_args(ChangeKind))


def export(
    *,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Replace this file, all at once; standard output if left out.")
    ] = None,
    changes: Annotated[
        bool, typer.Option("--changes", help="The change log: each change in its envelope, instead of records.")
    ] = False,
    follow: Annotated[bool, typer.Option("--follow", help="Go on as changes come, until Ctrl-C.")] = False,
    consumer: Annotated[
        str | None, typer.Option(help="Only what this named consumer has not had; its place is remembered.")
    ] = None,
    no_ack: Annotated[
        bool, typer.Option("--no-ack", help="Leave the consumer where it is: `aggregator consumers ack` moves it.")
    ] = False,
    start: Annotated[
        Literal["beginning", "now"], typer.Option("--from", help="Where a new consumer, or --follow, starts.")
    ] = "beginning",
    feed: Annotated[list[str] | None, typer.Option(help="Only of this feed: its URL or name.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only of feeds with this tag.")] = None,
    topic: Annotated[list[str] | None, typer.Option(help="Only with this topic.")] = None,
    lang: Annotated[list[str] | None, typer.Option(help="Only in this language; zh takes in zh-Hans.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help=f"Only changes of this kind: {_KINDS}.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Only what changed since then, e.g. 2026-06-24 or 2026-06-24T22:00Z.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Only what changed before then.")] = None,
    form: Annotated[
        Literal["jsonl", "csv"], typer.Option("--format", help="JSON Lines, or CSV for spreadsheets.")
    ] = "jsonl",
    gzip: Annotated[bool, typer.Option("--gzip", help="Compress; so is a file whose name ends in .gz.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write records, or the change log, as JSON Lines or CSV.

    Without --consumer: every current record once, in the order of its last change. With it: every change that the
    consumer has not had; a changed record is written again, and later lines supersede earlier ones. The consumer's
    place moves only after the output is written, so that a broken pipe repeats lines and loses none. Filters that are
    given several times take in each of the values.

    \b
    Examples:
      aggregator export -o records.jsonl.gz
      aggregator export --consumer nightly | gzip >> archive.jsonl.gz
      aggregator export --changes --follow --from now --tag security
    """
    _refuse(
        {
            "--since and --until need no --consumer: its place says where it goes on": consumer and (since or until),
            "--no-ack needs a --consumer": no_ack and consumer is None,
            "--kind needs --changes, --follow or a --consumer": kind and not (changes or follow or consumer),
            "--follow has no end: no --until": follow and until,
            "--follow writes to standard output; a file that goes on is an [[export]]": follow and output,
            "--from needs a --consumer or --follow": start == "now" and not (consumer or follow),
        }
    )
    selection = Selection(
        feeds=tuple(feed or ()),
        tags=tuple(tag or ()),
        topics=tuple(topic or ()),
        langs=tuple(lang or ()),
        kinds=tuple(_kind(each) for each in kind or ()),
        since=moment(since),
        until=moment(until),
    )
    settings = configured(config).settings
    outputs = [each.name for each in (*settings.export, *settings.webhook, *settings.command)]
    _refuse({f"{consumer} is an output of the configuration: the daemon reads as it": consumer in outputs})
    store = open_store(settings.store.url)
    reading = Reading(
        store=store,
        selection=selection,
        rendering=rendering(form, settings.site.base_url, envelopes=changes),
        pack=packed if gzip or (output is not None and output.suffix == ".gz") else bytes,
        log=changes,
        consumer=consumer,
        acks=not no_ack,
        from_now=start == "now",
    )
    try:
        export_on(reading) if follow else export_once(reading, output)
    finally:
        store.close()


def _refuse(wrong: dict[str, object]) -> None:
    for message, is_so in wrong.items():
        if is_so:
            raise typer.BadParameter(message)


def _kind(name: str) -> ChangeKind:
    known: tuple[ChangeKind, ...] = get_args(ChangeKind)
    for kind in known:
        if kind == name:
            return kind
    raise typer.BadParameter(f"{name!r} is no kind of change: {_KINDS}")
