"""What became of asking a server."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from aggregator.model.feed import FailureKind, Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A 2xx answer with a body, decoded from its Content-Encoding."""

    url: str  # where the body came from, after redirects
    permanent_url: str | None  # the last URL reached over permanent redirects only (ST-11); None when there was none
    status: int
    body: bytes
    headers: Mapping[str, str]  # lower-case names, latin-1 values; of several the last, of Link all
    validators: Validators | None  # None: the server gave none, forget the old ones (CR-14)
    retry_after: timedelta | None
    wire_bytes: int
    address: str | None = None  # of the host that was asked first, where it is known


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """A 304 to a request that carried validators."""

    url: str
    permanent_url: str | None
    headers: Mapping[str, str]
    validators: Validators  # the stored ones with what this answer replaced (CR-12, CR-13)
    retry_after: timedelta | None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Anything else that a server or network did. A value, never an exception."""

    kind: FailureKind
    message: str  # for people; holds no credentials and no part of the body
    url: str
    status: int | None = None
    retry_after: timedelta | None = None
    temporary: bool = False  # the network's trouble more likely than the feed's (ST-28)
    address: str | None = None
    advice: str = ""  # for the operator alone: what the message must tell nobody else (SS-18)


FetchResult = Fetched | NotModified | Failed
