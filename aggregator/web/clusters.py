"""``/stories``: clusters of records from different feeds that tell of one event."""

from fastapi import APIRouter, Request, Response

from aggregator.web.answers import Page, answer
from aggregator.web.site import site_of

router = APIRouter(include_in_schema=False)

_A_PAGE = 15  # clusters
_EACH = 4  # records of one


@router.get("/stories")
async def stories(request: Request) -> Response:
    """The latest clusters, each with its newest records."""
    site = site_of(request)
    found = await site.reading(lambda work: work.clusters.latest(limit=_A_PAGE, each=_EACH))
    content = await site.reading.aside(lambda: site.pages.render("clusters.html", clusters=found))
    return answer(request, Page(content=content))
