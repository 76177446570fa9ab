"""What this is, and how to use it."""

from fastapi import APIRouter, Request, Response

from aggregator import __version__
from aggregator.web.answers import Page, answer
from aggregator.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/about")
async def about(request: Request) -> Response:
    """The forms of a story, the syntax of the search."""
    return answer(request, Page(content=site_of(request).pages.render("about.html", version=__version__)))
