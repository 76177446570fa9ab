"""``/api/records``: all records, and one."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from aggregator.publish.record import record_line, row_lines
from aggregator.store.browsing import Elsewhere, Mark, Withdrawn
from aggregator.web.answers import JSON, Page, answer
from aggregator.web.api_listing import listed, listing
from aggregator.web.api_models import RECORD, Records, RecordShape
from aggregator.web.api_selecting import Limit, Place, Selected
from aggregator.web.problems import Refused
from aggregator.web.site import site_of

router = APIRouter(tags=["records"])

_MERGED: dict[int | str, dict[str, Any]] = {308: {"description": "It was merged into the record that `Location` names"}}


@router.get("/records", response_model=Records, responses=listed("record", RECORD))
async def records(
    request: Request,
    selection: Selected,
    after: Place | None = None,
    limit: Limit = 100,
    order: Annotated[Literal["newest", "oldest"], Query(description="By the last change of each record.")] = "newest",
) -> Response:
    """List the current records. A page may be short, or empty: there are more as long as `next` is not null."""
    site = site_of(request)
    page = await site.reading(
        lambda work: work.records.page(selection, after, limit=limit, newest_first=order == "newest")
    )
    return listing(request, "records", row_lines(page.rows, site.base_url), more={"next": page.following})


@router.get("/records/{slug}", response_model=RecordShape, responses=_MERGED)
async def record(request: Request, slug: Annotated[str, Path(max_length=500, examples=["ferry-returns"])]) -> Response:
    """Get a record.

    308 leads to the one that it was merged into; 410 says that its feed took it back, or that it was not kept.
    """
    site = site_of(request)
    mark, told = await site.reading(lambda work: (work.browsing.mark(slug), work.browsing.story(slug)))
    match mark:
        case Elsewhere(slug=other):
            return RedirectResponse(other, status_code=308)
        case Withdrawn():
            raise Refused(410, "its feed took this record back, or it was not kept")
        case Mark() if told is not None:
            content = record_line(told.record, site.base_url)
            page = Page(content=content, content_type=JSON, modified=told.record.updated_at)
            return answer(request, page)
    raise Refused(404, "there is no record of this slug")
