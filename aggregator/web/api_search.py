"""``/api/search``: the search of the site."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from aggregator.model import Record
from aggregator.publish.record import record_line
from aggregator.store.contract import Work
from aggregator.store.index import Results
from aggregator.store.query import Query as Wanted
from aggregator.store.query import parse_query
from aggregator.web.api_listing import listed, listing
from aggregator.web.api_models import RECORD, Found
from aggregator.web.site import site_of

router = APIRouter(tags=["records"])


@router.get("/search", response_model=Found, responses=listed("record", RECORD))
async def search(
    request: Request,
    q: Annotated[str, Query(max_length=300, description="As typed into the search of the site.", examples=["ferry"])],
    offset: Annotated[int, Query(ge=0, le=1000, description="Where to go on: the `next` of the page before.")] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Find records by their words, the best first. Whatever is typed is a query."""
    site, query = site_of(request), parse_query(q)
    now = int(site.clock().timestamp())
    results, found = await site.reading(lambda work: _find(work, query, offset, limit, now))
    following = offset + limit if offset + limit < results.total else None
    facets = [
        {"kind": each.kind, "label": each.label, "name": each.name, "records": each.records} for each in results.facets
    ]
    lines = b"".join(record_line(record, site.base_url) for record in found)
    more = {"total": results.total, "facets": facets, "next": following}
    return listing(request, "records", lines, more=more, place="offset")


def _find(work: Work, query: Wanted, offset: int, limit: int, now: int) -> tuple[Results, list[Record]]:
    results = work.searching.find(query, offset=offset, limit=limit, now=now)
    return results, list(work.browsing.records([hit.glimpse.place for hit in results.hits]))
