"""Pages that say what is not there."""

from datetime import datetime

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from aggregator.store.contract import StoreError
from aggregator.web.answers import HTML
from aggregator.web.site import site_of

_TITLES = {
    404: "There is nothing here",
    405: "This cannot be done here",
    410: "This story is no longer here",
    503: "The site has a break",
}
_REASONS = {
    404: "No page has this address. It may have been misspelt; the search finds what is kept.",
    405: "This address is for reading.",
    410: "It was not kept: this site keeps stories for a limited time.",
    503: "The store cannot be read at the moment. Try again in a minute.",
}


def failure(request: Request, status: int, *, retracted_at: datetime | None = None) -> Response:
    """Return the page for a status."""
    content = site_of(request).pages.render(
        "failure.html",
        title=_TITLES.get(status, "This did not work"),
        reason=_REASONS.get(status, "The request could not be understood."),
        retracted_at=retracted_at,
    )
    return Response(content, status_code=status, headers={"content-type": HTML, "cache-control": "no-cache"})


def add_failures(app: FastAPI) -> None:
    """Have routes that are missing, and a store that cannot be read, answered by such pages."""

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 503
        headers = error.headers if isinstance(error, HTTPException) else {"Retry-After": "60"}
        answered = failure(request, status)
        answered.headers.update(headers or {})
        return answered

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(StoreError, refused)
