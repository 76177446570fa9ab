"""``/api``: everything for programs, its description, and what holds for all of it."""

import math
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request

from aggregator.web import api_changes, api_feeds, api_poll, api_records, api_search, stream
from aggregator.web.api_models import Problem
from aggregator.web.problems import PROBLEM_JSON, Refused
from aggregator.web.site import site_of

_ROUTERS = (stream, api_changes, api_records, api_search, api_feeds, api_poll)
_SAID = {
    401: "No token, or another one",
    403: "The site takes no changes",
    404: "There is no such thing",
    409: "It is so already",
    410: "It is no longer here",
    413: "More than this takes",
    422: "The request is not as described",
    429: "Too many requests: `Retry-After` says when to go on",
    503: "The store cannot be used at the moment",
}


async def _within_rate(request: Request) -> None:
    seconds = site_of(request).buckets.take(request.client.host if request.client else "")
    if seconds:
        raise Refused(429, "too many requests from this address", {"Retry-After": str(math.ceil(seconds))})


def api_router() -> APIRouter:
    """Return the routes of the API."""
    problems: dict[int | str, dict[str, Any]] = {
        status: {"model": Problem, "description": said} for status, said in _SAID.items()
    }
    router = APIRouter(prefix="/api", dependencies=[Depends(_within_rate)], responses=problems)
    for each in _ROUTERS:
        router.include_router(each.router)
    return router


class Described(FastAPI):
    """An application whose description says of problems that they are problem details."""

    def openapi(self) -> dict[str, Any]:
        """Return the description (OpenAPI 3.1)."""
        if self.openapi_schema is None:
            for path in super().openapi()["paths"].values():
                for operation in path.values():
                    _say_problems(operation["responses"])
        assert self.openapi_schema is not None
        return self.openapi_schema


def _say_problems(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if status.startswith(("4", "5")):
            response["content"] = {PROBLEM_JSON: next(iter(response["content"].values()))}
