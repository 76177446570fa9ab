"""What did not work, for programs: problem details (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

PROBLEM_JSON = "application/problem+json"

_DETAILS = {
    404: "there is nothing at this address",
    405: "this address does not take this method",
    500: "this is a bug of the site; it has been written to its log",
    503: "the store cannot be used at the moment",
}


class Refused(HTTPException):
    """A request that is not done; ``detail`` says why, for whoever wrote the program."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, dict(headers or {}))


def is_for_programs(request: Request) -> bool:
    """Whether an address answers programs."""
    return request.url.path == "/api" or request.url.path.startswith("/api/")


def problem_of(error: Exception, status: int) -> Response:
    """Return the answer to a request that failed by ``error``."""
    match error:
        case RequestValidationError():
            return _problem(422, "the request is not as described", errors=_flaws(error.errors()))
        case Refused():
            return _problem(status, error.detail)
    return _problem(status, _DETAILS.get(status, "the request could not be understood"))


def _problem(status: int, detail: str, **more: object) -> Response:
    fields = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    headers = {"content-type": PROBLEM_JSON, "cache-control": "no-store"}
    return Response(orjson.dumps(fields), status_code=status, headers=headers)


def _flaws(errors: Sequence[Any]) -> list[dict[str, str]]:
    """Return where in the request each flaw is; values are not repeated."""
    return [
        {
            "in": str(flaw["loc"][0]),
            "name": ".".join(map(str, flaw["loc"][1:])),
            "detail": flaw["msg"].removeprefix("Value error, "),
        }
        for flaw in errors
    ]
