"""``/api/changes``: the change log, and waiting for what comes next."""

import asyncio
from contextlib import nullcontext
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from aggregator.model import Batch, Selection, Seq
from aggregator.publish.envelope import change_line
from aggregator.web.api_listing import listed, listing
from aggregator.web.api_models import CHANGE, Changes
from aggregator.web.api_selecting import Kinds, Limit, Place, Selected
from aggregator.web.site import Site, site_of

router = APIRouter(tags=["changes"])

_BEGINNING = Seq(0)
_LONGEST_WAIT = 60  # seconds


@router.get("/changes", response_model=Changes, responses=listed("change", CHANGE))
async def changes(
    request: Request,
    *,
    selection: Selected,
    kind: Kinds = [],  # noqa: B006 - FastAPI copies it
    after: Place = _BEGINNING,
    limit: Limit = 100,
    wait: Annotated[
        float, Query(ge=0, le=_LONGEST_WAIT, description="Seconds to wait for a change where there is none yet.")
    ] = 0.0,
) -> Response:
    """List the changes after a place, in their order. There may be none of them on the way: go on at `next`."""
    site = site_of(request)
    with site.listeners.place() if wait else nullcontext():
        batch = await _batch(site, after, replace(selection, kinds=tuple(kind)), limit=limit, wait=wait)
    lines = b"".join(change_line(change, site.base_url) for change in batch.changes)
    return listing(request, "changes", lines, more={"next": batch.through})


async def _batch(site: Site, after: Seq, selection: Selection, *, limit: int, wait: float) -> Batch:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + wait
    while True:
        place = after
        batch, last = await site.reading(lambda work: (work.log.select(place, selection, limit=limit), work.log.last()))  # noqa: B023 - awaited at once
        left = deadline - loop.time()
        if batch.changes or batch.through < last or left <= 0:
            return batch
        after = batch.through
        if not await site.tail.beyond(after, left):
            return batch
