"""Pages that say what is not there."""

from datetime import datetime

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from aggregator.store.contract import StoreError
from aggregator.web.answers import HTML
from aggregator.web.problems import is_for_programs, problem_of
from aggregator.web.site import site_of

_STATUSES: dict[type[Exception], int] = {StoreError: 503, RequestValidationError: 422, Exception: 500}
_LATER = {"Retry-After": "60"}
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
        status = error.status_code if isinstance(error, HTTPException) else _status(error)
        headers = error.headers if isinstance(error, HTTPException) else _LATER if status == 503 else None
        answered = problem_of(error, status) if is_for_programs(request) else failure(request, status)
        answered.headers.update(headers or {})
        described = app.openapi()["paths"].get(request.url.path) if status == 405 else None
        if described:  # a route that refuses knows of its own method alone
            answered.headers["allow"] = ", ".join(sorted(map(str.upper, described)))
        return answered

    app.add_exception_handler(HTTPException, refused)
    for kind in _STATUSES:
        app.add_exception_handler(kind, refused)


def _status(error: Exception) -> int:
    return next(status for kind, status in _STATUSES.items() if isinstance(error, kind))
