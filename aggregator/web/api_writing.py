"""Requests that change something: who may make them, and what they say."""

import hmac
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ValidationError

from aggregator.web.problems import Refused
from aggregator.web.site import site_of
from aggregator.web.writing import Writing

M = TypeVar("M", bound=BaseModel)
_LARGEST = 65_536  # bytes
_BEARER = HTTPBearer(auto_error=False, description="The `token` of `[web]` in the configuration.")


async def allowed(request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> Writing:
    """Return what a request may change things with. Raises Refused where it may not."""
    site = site_of(request)
    if site.token is None or site.writing is None:
        raise Refused(403, "this site takes no changes: its configuration has no [web] token")
    if shown is None or not hmac.compare_digest(shown.credentials.encode(), site.token.encode()):
        raise Refused(401, "this takes the token of the site", {"WWW-Authenticate": "Bearer"})
    return site.writing


async def read(request: Request, model: type[M]) -> M:
    """Return what the body of a request says. Only for who is allowed: the body is read here, and not before.

    Raises Refused, RequestValidationError.
    """
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST:
            raise Refused(413, f"this takes no more than {_LARGEST} bytes")
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(
            [{**flaw, "loc": ("body", *flaw["loc"])} for flaw in error.errors(include_url=False, include_input=False)]
        ) from error


def described(model: type[BaseModel]) -> dict[str, Any]:
    """Return what the description of the API says of such a body."""
    schema = model.model_json_schema()
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
