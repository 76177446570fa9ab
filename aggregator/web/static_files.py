"""The few files that pages need, each under the hash of its content."""

from importlib.resources import files

from fastapi import APIRouter, Request, Response

from aggregator.web.answers import Page, answer
from aggregator.web.failures import failure

router = APIRouter(include_in_schema=False)

_TYPES = {
    "site.css": "text/css; charset=utf-8",
    "site.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_FOREVER = "public, max-age=31536000, immutable"
_FILES = {
    name: Page(
        content=files("aggregator.web").joinpath("static", name).read_bytes(), content_type=media, caching=_FOREVER
    )
    for name, media in _TYPES.items()
}


@router.get("/static/{version}/{name}")
async def static(request: Request, version: str, name: str) -> Response:  # noqa: ARG001 - for caches, which keep it by name
    """A file."""
    return answer(request, _FILES[name]) if name in _FILES else failure(request, 404)
