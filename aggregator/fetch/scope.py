"""Who shares a budget: feeds of one host, one domain, one address, or one group that the operator named (SC-26)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from aggregator.settings.models import FetchSettings
from aggregator.url.domain import registrable_domain
from aggregator.url.origin import Authority, authority

Scope = Literal["host", "domain", "address"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Hosts that are one origin, whatever the scope."""

    name: str
    hosts: tuple[str, ...]  # lower case, punycode; ``*.example.org`` is every host below example.org


def origins_of(fetch: FetchSettings) -> "Origins":
    """Return what names the origin of a URL as the settings say."""
    return Origins(fetch.scope, [Group(name=group.name, hosts=group.hosts) for group in fetch.groups])


class Origins:
    """Names the origin of a URL."""

    def __init__(self, scope: Scope, groups: Sequence[Group] = ()) -> None:
        self._scope = scope
        self._groups = groups

    def of(self, url: str, address: str | None = None) -> str:
        """Return the origin of ``url``, whose host was last found at ``address``; a URL that is none is its own.

        A group is ``@name``. A domain and an address stand for every port, a host is ``host[:port]``. Where the address
        is not known yet the host stands for it (SC-27).
        """
        try:
            named = authority(url)
        except ValueError:
            return url
        group = next((group for group in self._groups if _holds(group.hosts, named.host)), None)
        return group_origin(group.name) if group else self._ungrouped(named, address)

    def _ungrouped(self, named: Authority, address: str | None) -> str:
        if self._scope == "domain":
            return registrable_domain(named.host)
        if self._scope == "address":
            return address or named.netloc
        return named.netloc


def group_origin(name: str) -> str:
    """Return the origin that a group is."""
    return f"@{name}"  # no host can be called that


def _holds(hosts: Collection[str], host: str) -> bool:
    above = host.split(".")
    return host in hosts or any(f"*.{'.'.join(above[start:])}" in hosts for start in range(1, len(above)))
