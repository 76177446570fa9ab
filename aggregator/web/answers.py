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


Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is answered with 200: content, and what it is known by."""

    content: bytes
    content_type: str = HTML
    modified: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()
    caching: str = _CHECKED_EACH_TIME
    etag: str = field(init=False)
    told: tuple[tuple[bytes, bytes], ...] = field(init=False)  # the headers of every answer, of a 304 too

    def __post_init__(self) -> None:
        """Make the strong validator (the same bytes, the same tag), and the headers: a page is answered often."""
        etag = f'"{hashlib.blake2b(self.content, digest_size=12).hexdigest()}"'
        told = {"etag": etag, "cache-control": self.caching, **dict(self.headers)}
        if self.modified is not None:
            told["last-modified"] = format_datetime(self.modified.replace(microsecond=0), usegmt=True)
        object.__setattr__(self, "etag", etag)
        encoded = tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in told.items())
        object.__setattr__(self, "told", encoded)


def answer(request: Request, page: Page, *, vary: str | None = None) -> Response:
    """Return the page, or 304 to one who has it."""
    stated = request.headers
    is_kept = has_it(page, stated.get("if-none-match"), stated.get("if-modified-since"))
    response = Response(b"" if is_kept else page.content, status_code=304 if is_kept else 200)
    response.raw_headers = headers_of(page, is_kept=is_kept, vary=vary)
    return response


def has_it(page: Page, tags: str | None, since: str | None) -> bool:
    """Whether a client that states ``If-None-Match`` and ``If-Modified-Since`` has the page."""
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return page.etag in known or "*" in known
    moment = http_date(since) if since and page.modified else None
    return moment is not None and page.modified is not None and page.modified.replace(microsecond=0) <= moment


def headers_of(page: Page, *, is_kept: bool, vary: str | None) -> Headers:
    """Return the headers of an answer; ``is_kept``: of a 304."""
    headers = [*page.told]
    if vary is not None:
        headers.append((b"vary", vary.encode()))
    if not is_kept:
        headers.append((b"content-type", page.content_type.encode()))
        headers.append((b"content-length", str(len(page.content)).encode()))
    return headers
