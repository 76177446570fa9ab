"""The head of an answer, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import httpx

from aggregator.fetch.waiting import retry_after

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNCHANGED = frozenset({204, 205, 304})  # ST-33: no content is no change
_UNASKED = frozenset({206, 226})  # a piece of a document (ST-33), a difference to one (ST-34)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Status and headers, and what they mean for a feed."""

    status: int
    fields: Mapping[str, str]  # lower-case names, latin-1 values; the last of several, but for Link
    codings: tuple[str, ...]  # of all Content-Encoding headers, lower case
    retry_after: timedelta | None  # on any status (ST-08)

    @property
    def is_redirect(self) -> bool:
        """Whether a Location leads on; 300 and other 3xx do not (ST-15)."""
        return self.status in _REDIRECTS

    @property
    def is_unchanged(self) -> bool:
        """Whether it says that there is nothing new."""
        return self.status in _UNCHANGED

    @property
    def is_success(self) -> bool:
        """Whether a whole document follows."""
        return 200 <= self.status < 300 and self.status not in _UNASKED

    @property
    def announced_size(self) -> int:
        """Content-Length in bytes; 0 where there is none to believe."""
        length = self.fields.get("content-length", "")
        return int(length) if length.isascii() and length.isdigit() and len(length) <= 20 else 0

    @property
    def title(self) -> str:
        """``HTTP 404 Not Found``, in our words: the server's own are not repeated."""
        try:
            return f"HTTP {self.status} {HTTPStatus(self.status).phrase}"
        except ValueError:
            return f"HTTP {self.status}"

    @property
    def is_challenge(self) -> bool:
        """Whether a gatekeeper wants a browser (ST-24)."""
        return self.fields.get("cf-mitigated", "").lower() == "challenge"

    @property
    def refusal(self) -> str:
        """Why this is no success, for people (ST-24)."""
        return f"{self.title} (blocked by a Cloudflare challenge)" if self.is_challenge else self.title


def read_head(response: httpx.Response, *, now: datetime) -> Head:
    """Read the head of ``response``, received at ``now``."""
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers.raw]
    fields = dict(headers)
    if "link" in fields:
        fields["link"] = ", ".join(value for name, value in headers if name == "link")
    named = ",".join(value for name, value in headers if name == "content-encoding")
    return Head(
        status=response.status_code,
        fields=fields,
        codings=tuple(coding.strip().lower() for coding in named.split(",")),
        retry_after=retry_after(fields.get("retry-after"), date=fields.get("date"), now=now),
    )
