"""What requests narrow a list to: the filters of ``aggregator export``."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import PlainValidator

from aggregator.model import ChangeKind, Selection, Seq

MOST_SEQ = 2**62
_MOST_VALUES = 50  # of one filter


def _moment(text: object) -> datetime:
    """Read a date or time as `aggregator export` does; a number of seconds is none."""
    try:
        read = datetime.fromisoformat(str(text))
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("this is no date or time such as 2026-06-24 or 2026-06-24T22:00Z") from error


Moment = Annotated[datetime, PlainValidator(_moment, json_schema_input_type=datetime)]
Place = Annotated[Seq, Query(ge=0, le=MOST_SEQ, description="Where to go on: the `next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="How many there are on a page at most.")]


async def _selection(
    *,
    feed: Annotated[list[str], Query(max_length=_MOST_VALUES, description="Only of this feed: its URL or name.")] = [],  # noqa: B006 - FastAPI copies it
    tag: Annotated[list[str], Query(max_length=_MOST_VALUES, description="Only of feeds with this tag.")] = [],  # noqa: B006
    topic: Annotated[list[str], Query(max_length=_MOST_VALUES, description="Only with this topic.")] = [],  # noqa: B006
    lang: Annotated[
        list[str], Query(max_length=_MOST_VALUES, description="Only in this language; `zh` takes in `zh-Hans`.")
    ] = [],  # noqa: B006
    since: Annotated[
        Moment | None, Query(description="Only what changed since then; without a zone it is UTC.")
    ] = None,
    until: Annotated[Moment | None, Query(description="Only what changed before then.")] = None,
) -> Selection:
    return Selection(
        feeds=tuple(feed), tags=tuple(tag), topics=tuple(topic), langs=tuple(lang), since=since, until=until
    )


Selected = Annotated[Selection, Depends(_selection)]
Kinds = Annotated[list[ChangeKind], Query(max_length=6, description="Only changes of this kind.")]
