"""``/api/poll``: polling feeds now."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from aggregator.feeds import shown
from aggregator.model import FeedId
from aggregator.publish.record import json_line
from aggregator.store.contract import Asked as Answered
from aggregator.store.contract import Work
from aggregator.web.answers import JSON
from aggregator.web.api_models import Asked, ToPoll
from aggregator.web.api_writing import allowed, described, read
from aggregator.web.problems import Refused
from aggregator.web.site import site_of
from aggregator.web.writing import Writing

router = APIRouter(tags=["feeds"])

_RECENT = timedelta(minutes=5)  # SC-05


@router.post("/poll", status_code=202, response_model=Asked, openapi_extra=described(ToPoll))
async def poll(request: Request, writing: Annotated[Writing, Depends(allowed)]) -> Response:
    """Ask for feeds to be polled now.

    One polled in the last five minutes, or gone, is polled with `force` only; one whose server asked to wait is not.
    """
    wanted, now = await read(request, ToPoll), site_of(request).clock()
    ids = [FeedId(each) for each in wanted.feeds]
    asked = await writing.write.once(lambda work: _ask(work, ids, now, force=wanted.force))
    if asked is None:
        raise Refused(404, "there is no active feed of one of these ids; nothing is polled")
    fields = {"feeds": asked.feeds, "skipped": [{"url": shown(url), "reason": why} for url, why in asked.skipped]}
    return Response(json_line(fields), status_code=202, headers={"content-type": JSON})


def _ask(work: Work, ids: Sequence[FeedId], now: datetime, *, force: bool) -> Answered | None:
    urls = work.feeds.urls(ids)
    if len(urls) < len(set(ids)):
        return None
    return work.feeds.ask(urls if ids else None, now, recent=now if force else now - _RECENT, stopped=force)
