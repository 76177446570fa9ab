"""Lists as JSON or, where ``Accept`` asks for it, as one line of JSON for each member."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import Request, Response

from aggregator.web.answers import JSON, Page, answer
from aggregator.web.negotiation import preferred

NDJSON = "application/x-ndjson"


def listing(request: Request, name: str, lines: bytes, *, more: Mapping[str, object], place: str = "after") -> Response:
    """Return ``lines`` of JSON as a list called ``name`` beside the values in ``more``, or as they are.

    ``more["next"]`` is where to go on, and named in a ``Link`` header too (RFC 8288).
    """
    following = more["next"]
    link = () if following is None else (("link", f'<?{_query(request, place, following)}>; rel="next"'),)
    if preferred(request.headers.get("accept", ""), (JSON, NDJSON)) == NDJSON:
        return answer(request, Page(content=lines, content_type=NDJSON, headers=link), vary="accept")
    members = lines.rstrip(b"\n").replace(b"\n", b",\n")
    fields = orjson.dumps(more).removeprefix(b"{")
    content = b'{"' + name.encode() + b'":[' + members + b"]," + fields
    return answer(request, Page(content=content, content_type=JSON, headers=link), vary="accept")


def listed(model: str, example: Mapping[str, object]) -> dict[int | str, dict[str, Any]]:
    """Return what the description of the API says of the other form."""
    lines = {"schema": {"type": "string", "description": f"one {model} a line"}}
    return {200: {"content": {NDJSON: {**lines, "example": orjson.dumps(example).decode() + "\n"}}}}


def _query(request: Request, place: str, following: object) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != place]
    return urlencode([*kept, (place, following)])
