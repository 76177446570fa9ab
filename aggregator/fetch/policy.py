"""What a fetch may do, and what is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network

from aggregator.model import RequestOptions, Validators
from aggregator.url.origin import authority

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """The limits and manners of every request."""

    version: str  # of this program, for the User-Agent
    contact: str | None = None  # a URL or an address where site owners reach the operator
    timeout: timedelta = timedelta(seconds=60)  # of one exchange with all its redirects (HX-13)
    max_size: int = 10 * MEGABYTE  # bytes of a body as transferred (HX-11)
    max_decoded: int = 20 * MEGABYTE  # bytes of a body once decoded
    allow_networks: tuple[IPv4Network | IPv6Network, ...] = ()  # opened by the operator (SS-16)
    configured_ports: frozenset[tuple[str, int]] = frozenset()  # (host, port) beside 80 and 443 (SS-13)
    allow_downgrade: bool = True  # whether a redirect may lead from https to http (ST-20)
    agent: str | None = None  # the whole User-Agent, where the operator wants another
    proxy: str | None = field(default=None, repr=False)  # of every feed that names none

    @property
    def user_agent(self) -> str:
        """``aggregator/1.2.3 (+contact)``, in printable ASCII (HT-01, HT-03); or what the operator set."""
        if self.agent is not None:
            return self.agent
        contact = f" (+{self.contact})" if self.contact else ""
        return "".join(char for char in f"aggregator/{self.version}{contact}" if " " <= char <= "~")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One document to get, and what it was when we last had it."""

    url: str
    validators: Validators | None = None
    options: RequestOptions = field(default_factory=RequestOptions, repr=False)
    origin: str | None = None  # whose budget the request is on; None: that of the URL
    home: str | None = None  # the URL whose origin alone is sent headers and credentials; None: ``url``


def configured_ports(urls: Iterable[str]) -> frozenset[tuple[str, int]]:
    """Return the (host, port) pairs that configured feed URLs name (SS-13); a URL that cannot be read names none."""
    return frozenset(pair for url in urls for pair in _pair(url))


def _pair(url: str) -> list[tuple[str, int]]:
    try:
        named = authority(url)
    except ValueError:
        return []
    return [(named.host, named.port)]
