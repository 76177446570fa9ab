"""Redirects, followed by hand (ST-09…21)."""

import base64

from aggregator.fetch.target import Target, redirected, target
from aggregator.fetch.trouble import Trouble
from aggregator.model import RequestOptions

_PERMANENT = frozenset({301, 308})
_MOST_HOPS = 5


class Route:
    """Where one fetch has been led so far."""

    def __init__(self, url: str, *, allow_downgrade: bool, options: RequestOptions) -> None:
        """Raise ``Trouble`` where ``url`` is nothing that can be asked for."""
        try:
            self.here = target(url)
        except ValueError as error:
            raise Trouble("blocked", f"URL cannot be asked for: {error}") from error
        self._home = self.here.authority
        self._credentials = _joined(options.credentials) or self._home.credentials
        self._is_personal = bool(self._credentials or options.headers)
        self.seen = [self.here.url]
        self._allow_downgrade = allow_downgrade
        self._all_permanent = True
        self._permanent_url: str | None = None

    @property
    def permanent_url(self) -> str | None:
        """The last URL reached over permanent redirects only (ST-11).

        None without one, and for a feed with credentials or headers of its own: the new URL would have lost them.
        """
        return None if self._is_personal else self._permanent_url

    @property
    def is_home(self) -> bool:
        """Whether this is still the origin of the first URL, be it over TLS by now."""
        home, here = self._home, self.here.authority
        same_origin = (home.scheme, home.host, home.port) == (here.scheme, here.host, here.port)
        secured = (home.host, home.scheme, home.port, here.scheme, here.port) == (here.host, "http", 80, "https", 443)
        return same_origin or secured

    @property
    def authorization(self) -> bytes | None:
        """The Authorization header for the current URL: for the origin of the first one only (ST-21)."""
        if self._credentials is None or not self.is_home:
            return None
        return b"Basic " + base64.b64encode(self._credentials)

    def follow(self, status: int, location: str) -> None:
        """Go where a redirect leads. Raises ``Trouble`` where it may not be followed."""
        if not location:
            raise Trouble("redirect", f"HTTP {status} without a Location")
        try:
            there = redirected(self.here, location)
        except ValueError as error:
            raise Trouble("redirect", f"redirect to a place that cannot be asked: {error}") from error
        if there.url in self.seen:
            raise Trouble("redirect", "redirect loop")
        if len(self.seen) > _MOST_HOPS:
            raise Trouble("redirect", f"more than {_MOST_HOPS} redirects")
        self._enter(there, permanent=status in _PERMANENT)

    def _enter(self, there: Target, *, permanent: bool) -> None:
        downgrade = self.here.authority.scheme == "https" and there.authority.scheme == "http"
        if downgrade and not self._allow_downgrade:
            raise Trouble("redirect", "redirect from https to http")
        self._all_permanent = self._all_permanent and permanent and not downgrade
        self._permanent_url = there.url if self._all_permanent else self._permanent_url
        self.seen.append(there.url)
        self.here = there


def _joined(credentials: tuple[str, str] | None) -> bytes | None:
    return ":".join(credentials).encode() if credentials else None
