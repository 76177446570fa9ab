"""The change log as it grows: server-sent events, each with the seq of its change as its id."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from aggregator.model import Seq
from aggregator.publish.envelope import change_line
from aggregator.web.site import Site, site_of

router = APIRouter(prefix="/api", include_in_schema=False)

_BATCH = 100
_LOOK_AGAIN = 1.0  # seconds
_STILL_HERE = 15  # looks without a change, after which a comment keeps the connection open
_LARGEST = 2**62


@router.get("/changes/stream")
async def stream(request: Request) -> StreamingResponse:
    """Changes from now on, or from ``Last-Event-ID`` on; the event's type is the change's kind."""
    site, stated = site_of(request), request.headers.get("last-event-id", "")
    if stated.isascii() and stated.isdecimal() and int(stated[:20]) < _LARGEST:
        seq = Seq(int(stated[:20]))
    else:
        seq = await site.reading(lambda work: work.log.last())
    return StreamingResponse(_events(site, seq), headers={"cache-control": "no-store"}, media_type="text/event-stream")


async def _events(site: Site, seq: Seq) -> AsyncIterator[bytes]:
    quiet = 0
    yield b"retry: 5000\n\n"
    while not site.stopping.is_set():
        after = seq
        for change in await site.reading(lambda work: work.log.after(after, limit=_BATCH)):  # noqa: B023 - awaited at once
            seq = change.seq
            yield f"id: {seq}\nevent: {change.kind}\ndata: ".encode() + change_line(change, site.base_url) + b"\n"
        quiet = quiet + 1 if seq == after else 0
        if quiet and quiet % _STILL_HERE == 0:
            yield b": still here\n\n"
        if quiet:
            await _rest(site.stopping)


async def _rest(stopping: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(_LOOK_AGAIN):
            await stopping.wait()
    except TimeoutError:
        return
