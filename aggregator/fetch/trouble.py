"""What can go wrong between here and a document, and the kind each has (HX-22)."""

import httpx

from aggregator.model import Failed, FailureKind


class Trouble(Exception):  # noqa: N818  # it becomes a value before it leaves the room
    """An exchange that cannot go on, with what its ``Failed`` will say."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.kind: FailureKind = kind
        self.message = message


class BlockedError(httpx.ConnectError):
    """The address guard refused. The message is the same for every reason (SS-18); the operator is told more."""

    def __init__(self, advice: str = "") -> None:
        super().__init__("the address guard refused this host or port (`aggregator probe` says why)")
        self.advice = advice


class UnresolvedError(httpx.ConnectError):
    """The host's name gave no address; ``temporary`` where the resolver, not the name, is in trouble (ST-28)."""

    def __init__(self, message: str, *, temporary: bool = False) -> None:
        super().__init__(message)
        self.temporary = temporary


class TlsError(httpx.ConnectError):
    """No trusted encrypted connection came about."""


# First match wins.
_KINDS: tuple[tuple[type[Exception], FailureKind], ...] = (
    (BlockedError, "blocked"),
    (UnresolvedError, "dns"),
    (TlsError, "tls"),
    (httpx.TimeoutException, "timeout"),
    (httpx.NetworkError, "connect"),
    (httpx.HTTPError, "protocol"),
    (httpx.StreamError, "protocol"),
)
EXPECTED: tuple[type[Exception], ...] = (Trouble, *(error for error, _ in _KINDS))


def failure(error: Exception, url: str) -> Failed:
    """Return the value for one of the ``EXPECTED`` exceptions."""
    if isinstance(error, Trouble):
        return Failed(kind=error.kind, message=error.message, url=url)
    kind = next(kind for known, kind in _KINDS if isinstance(error, known))
    temporary = isinstance(error, UnresolvedError) and error.temporary
    advice = error.advice if isinstance(error, BlockedError) else ""
    message = str(error)[:_LONGEST_MESSAGE] or kind
    return Failed(kind=kind, message=message, url=url, temporary=temporary, advice=advice)


_LONGEST_MESSAGE = 200
