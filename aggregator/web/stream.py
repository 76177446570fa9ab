"""The change log as it grows: server-sent events, each with the seq of its change as its id."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import StreamingResponse

from aggregator.model import Selection, Seq
from aggregator.publish.envelope import change_line
from aggregator.store.contract import StoreError
from aggregator.web.api_models import CHANGE
from aggregator.web.api_selecting import MOST_SEQ, Kinds, Place, Selected
from aggregator.web.site import Site, site_of

router = APIRouter(tags=["changes"])

_BATCH = 100
_STILL_HERE = 15  # seconds without a change, after which a comment keeps the connection open
_EVENT = {"schema": {"type": "string"}, "example": f"id: {CHANGE['seq']}\nevent: {CHANGE['kind']}\ndata: {{…}}\n\n"}


def _place(request: Request) -> Iterator[None]:
    with site_of(request).listeners.place():
        yield


@router.get(
    "/changes/stream",
    response_class=StreamingResponse,
    dependencies=[Depends(_place)],  # held until the answer has ended
    responses={200: {"description": "Server-sent events", "content": {"text/event-stream": _EVENT}}},
)
async def stream(
    request: Request,
    selection: Selected,
    kind: Kinds = [],  # noqa: B006 - FastAPI copies it
    after: Place | None = None,
    last_event_id: Annotated[str, Header(description="The id of the last event that was received.")] = "",
) -> StreamingResponse:
    """Follow the change log: from `Last-Event-ID` or `after` on, else from now on.

    An event's type is its change's kind, its data the change as `/api/changes` has it.
    """
    site, seq = site_of(request), _seq(last_event_id, after)
    if seq is None:
        seq = await site.reading(lambda work: work.log.last())
    events = _events(site, seq, replace(selection, kinds=tuple(kind)))
    return StreamingResponse(events, headers={"cache-control": "no-store"}, media_type="text/event-stream")


async def _events(site: Site, seq: Seq, selection: Selection) -> AsyncIterator[bytes]:
    yield b"retry: 5000\n\n"
    try:
        while not site.stopping.is_set():
            after = seq
            batch = await site.reading(lambda work: work.log.select(after, selection, limit=_BATCH))  # noqa: B023 - awaited at once
            for change in batch.changes:
                data = change_line(change, site.base_url)
                yield f"id: {change.seq}\nevent: {change.kind}\ndata: ".encode() + data + b"\n"
            seq = batch.through
            if seq > after and not batch.changes:
                yield f"id: {seq}\n\n".encode()  # no event, but who comes back need not begin where it did
            if seq == after and not await site.tail.beyond(seq, _STILL_HERE):
                yield b": still here\n\n"
    except StoreError:
        return  # who listens comes back by itself


def _seq(stated: str, after: Seq | None) -> Seq | None:
    if stated.isascii() and stated.isdecimal() and int(stated[:20]) < MOST_SEQ:
        return Seq(int(stated[:20]))
    return after
