"""Pages as answers: validators, and 304 for whoever has the page already (RFC 9110, 13)."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from fastapi import Request, Response

from aggregator.text.http_date import http_date

HTML = "text/html; charset=utf-8"
JSON = "application/json"
_CHECKED_EACH_TIME = "no-cache"  # kept by whoever likes, and asked about: an answer of 304 costs next to nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is answered with 200: content, and what it is known by."""

    content: bytes
    content_type: str = HTML
    modified: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()
    caching: str = _CHECKED_EACH_TIME
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        """Make the strong validator: the same bytes, the same tag."""
        object.__setattr__(self, "etag", f'"{hashlib.blake2b(self.content, digest_size=12).hexdigest()}"')


def answer(request: Request, page: Page, *, vary: str | None = None) -> Response:
    """Return the page, or 304 to one who has it."""
    headers = {"etag": page.etag, "cache-control": page.caching, **dict(page.headers)}
    if page.modified is not None:
        headers["last-modified"] = format_datetime(page.modified.replace(microsecond=0), usegmt=True)
    if vary is not None:
        headers["vary"] = vary
    if _has_it(request, page):
        return Response(status_code=304, headers=headers)
    return Response(page.content, headers={**headers, "content-type": page.content_type})


def _has_it(request: Request, page: Page) -> bool:
    stated = request.headers.get("if-none-match")
    if stated is not None:
        tags = {tag.strip().removeprefix("W/") for tag in stated.split(",")}
        return page.etag in tags or "*" in tags
    since = request.headers.get("if-modified-since")
    moment = http_date(since) if since and page.modified else None
    return moment is not None and page.modified is not None and page.modified.replace(microsecond=0) <= moment
