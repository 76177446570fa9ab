"""``aggregator history``: what a record was."""

import difflib
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say, say_row, when
from aggregator.model import Record
from aggregator.store.location import open_store
from aggregator.store.past import Line

_PARTS = ("title", "summary", "body_md", "published_at", "lang", "topics", "entities")


def history(
    slug: Annotated[str, typer.Argument(help="The record's slug, or its url.")],
    diff: Annotated[bool, typer.Option("--diff", help="Show what each revision changed, line by line.")] = False,
    revision: Annotated[
        int | None, typer.Option("-r", "--revision", min=1, help="Show what this revision changed.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """List everything the change log says of a record: seq, time, kind, revision, and which parts changed.

    \b
    Examples:
      aggregator history meta-pauses-employee-tracking-program
      aggregator history meta-pauses-employee-tracking-program --diff
      aggregator history meta-pauses-employee-tracking-program -r 3
    """
    settings = configured(config).settings
    with open_store(settings.store.url).read() as work:
        lines = work.past.lines(slug.rstrip("/").rpartition("/")[2])
    if not lines:
        complain(f"no record has the slug {slug!r}; `aggregator export` lists all of them")
        raise typer.Exit(1)
    shown = [place for place, line in enumerate(lines) if revision in {None, line.revision}]
    if not shown:
        complain(f"there is no revision {revision}: the newest is {lines[-1].revision}; without -r all are listed")
        raise typer.Exit(1)
    for place in shown:
        before = lines[place - 1] if place else None
        say_row(*_cells(lines[place], before))
        if diff or revision is not None:
            for text in unified(before, lines[place]):
                say(text)


def changed_parts(before: Record, after: Record) -> list[str]:
    """Return the names of the fields in which two revisions differ."""
    return [part for part in _PARTS if getattr(before, part) != getattr(after, part)]


def unified(before: Line | None, after: Line) -> Iterator[str]:
    """Yield the difference of two revisions as unified diffs of title, summary and body; all of the first one."""
    old = before and before.record
    for part in ("title", "summary", "body_md"):
        mine = _lines(getattr(old, part) if old else "")
        names = (f"{part}  revision {before.revision if before else 0}", f"{part}  revision {after.revision}")
        yield from difflib.unified_diff(mine, _lines(getattr(after.record, part)), *names, lineterm="", n=1)


def _lines(text: str) -> Sequence[str]:
    return text.splitlines()


def _cells(line: Line, before: Line | None) -> tuple[str, ...]:
    if line.into is not None:
        what = f"into {line.into}"
    elif line.kind == "updated" and before is not None:
        what = ", ".join(changed_parts(before.record, line.record)) or "nothing: it is back"
    else:
        what = line.record.title if line.kind == "new" else ""
    return (str(line.seq), when(line.at), line.kind, f"revision {line.revision}", what)
