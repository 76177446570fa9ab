"""Redirects, followed by hand (ST-09…21)."""

import base64

from aggregator.fetch.target import Target, redirected, target
from aggregator.fetch.trouble import Trouble
from aggregator.model import RequestOptions
from aggregator.url.origin import Authority, authority

_PERMANENT = frozenset({301, 308})
_MOST_HOPS = 5


class Route:
    """Where one fetch has been led so far."""

    def __init__(self, url: str, *, allow_downgrade: bool, options: RequestOptions, home: str | None = None) -> None:
        """Start at ``url``; what is personal is for the origin of ``home``, by default that of ``url``.

        Raises ``Trouble`` where one of them is nothing that can be asked for.
        """
        try:
            self.here = target(url)
            self._home = self.here.authority if home is None else authority(home)
        except ValueError as error:
            raise Trouble("blocked", f"URL cannot be asked for: {error}") from error
        self._start = self.here.authority
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
        """Whether this is the origin that what is personal is for, be it over TLS by now."""
        return _is_same(self._home, self.here.authority)

    @property
    def is_start(self) -> bool:
        """Whether this is still the origin of the first URL, be it over TLS by now."""
        return _is_same(self._start, self.here.authority)

    @property
    def authorization(self) -> bytes | None:
        """The Authorization header for the current URL: at home only (ST-21)."""
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


def _is_same(before: Authority, here: Authority) -> bool:
    same_origin = (before.scheme, before.host, before.port) == (here.scheme, here.host, here.port)
    ports = (before.scheme, before.port, here.scheme, here.port)
    return same_origin or (before.host == here.host and ports == ("http", 80, "https", 443))


def _joined(credentials: tuple[str, str] | None) -> bytes | None:
    return ":".join(credentials).encode() if credentials else None
