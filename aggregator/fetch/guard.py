"""The address guard: a host becomes addresses that may be connected to, or nothing (SS-01…20)."""

import asyncio
import json
import socket
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network

from aggregator.fetch.trouble import BlockedError, UnresolvedError
from aggregator.url.addresses import Network, is_allowed, read_address

AddrInfo = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int] | tuple[str, int, int, int]]

_LOOKUPS = 32  # at a time
_PUBLIC_PORTS = frozenset({80, 443})


class Guard:
    """Resolves a host once and answers for every address it gives."""

    def __init__(
        self,
        *,
        opened: Collection[Network],
        ports: Collection[tuple[str, int]],
        lookup: Callable[[str, int], Sequence[AddrInfo]] | None = None,
    ) -> None:
        """``opened`` networks and ``ports`` of hosts are let through; ``lookup`` blocks, and stands in for the system's
        resolver."""
        self._lookup = lookup or _getaddrinfo
        self._opened = opened
        self._ports = ports
        # A lookup cannot be cancelled: in a pool of its own, one that hangs holds up only other lookups (HX-18).
        self._lookups = ThreadPoolExecutor(max_workers=_LOOKUPS, thread_name_prefix="resolve")

    async def addresses(self, host: str, port: int) -> Sequence[AddrInfo]:
        """Return where to connect for ``host``, in the resolver's order.

        Raises ``BlockedError`` for a port that nobody configured (SS-13), or where any one address of the name is
        refused (SS-10); ``UnresolvedError`` where there is none.
        """
        self._judge_port(host, port)
        found = _literal(host, port) or await self._look_up(host, port)
        self._judge(host, found)
        return found

    async def proxy_addresses(self, host: str, port: int) -> Sequence[AddrInfo]:
        """Return where to connect for a proxy: the operator named it, so it may be anywhere. Raises as above."""
        return _literal(host, port) or await self._look_up(host, port)

    def judge_name(self, host: str, port: int) -> None:
        """Raise ``BlockedError`` for what can be told without looking ``host`` up, which a proxy does: the port, names
        of this machine, and addresses in any spelling. Where a name leads is the proxy's to judge (HT-17)."""
        self._judge_port(host, port)
        if host == "localhost" or host.endswith(".localhost"):
            host = "127.0.0.1"
        self._judge(host, _numeric(host, port))

    def close(self) -> None:
        """Start no further lookup, and wait for none."""
        self._lookups.shutdown(wait=False, cancel_futures=True)

    def _judge_port(self, host: str, port: int) -> None:
        if port not in _PUBLIC_PORTS and (host, port) not in self._ports:
            raise BlockedError(f"port {port} of {host} is asked only where a configured URL names it")

    def _judge(self, host: str, found: Sequence[AddrInfo]) -> None:
        refused = [info[4][0] for info in found if not self._is_allowed(info)]
        if refused:
            raise BlockedError(_advice(host, refused))

    def _is_allowed(self, info: AddrInfo) -> bool:
        address = read_address(info[4][0])
        return address is not None and is_allowed(address, self._opened)

    async def _look_up(self, host: str, port: int) -> Sequence[AddrInfo]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._lookups, self._lookup, host, port)
        except socket.gaierror as error:
            # NXDOMAIN and a resolver in trouble are told apart for the schedule's sake (ST-28)
            temporary = error.errno == socket.EAI_AGAIN
            message = "name lookup failed for now" if temporary else "host name not found"
            raise UnresolvedError(message, temporary=temporary) from error
        except (OSError, UnicodeError) as error:
            raise UnresolvedError("host name cannot be looked up") from error
        if not found:
            raise UnresolvedError("host name has no address")
        return found


def _advice(host: str, refused: Sequence[str]) -> str:
    """Return the addresses, and the line of the configuration that would permit them."""
    addresses = list(dict.fromkeys(filter(None, map(read_address, refused))))
    networks = json.dumps([str(ip_network(str(address))) for address in addresses])
    told = ", ".join(map(str, addresses))
    leads = "is" if told == host.strip("[]") else f"leads to {told}:"
    return f"{host} {leads} no address of the public Internet; in [fetch], allow_networks = {networks} would permit it"


def _literal(host: str, port: int) -> Sequence[AddrInfo]:
    """Spare canonical addresses the thread; every other spelling is read by getaddrinfo and checked after (SS-02)."""
    address = read_address(host)
    if address is None:
        return ()
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    return ((family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (str(address), port)),)


def _numeric(host: str, port: int) -> Sequence[AddrInfo]:
    """Return the address that ``host`` is in any spelling, without asking anybody; nothing for a name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return ()
    return [info for info in found if info[0] in {socket.AF_INET, socket.AF_INET6}]  # type: ignore[misc]


def _getaddrinfo(host: str, port: int) -> Sequence[AddrInfo]:
    # The stubs speak of sockets without an address family's support too; AF_UNSPEC over TCP gives these two shapes.
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [info for info in found if info[0] in {socket.AF_INET, socket.AF_INET6}]  # type: ignore[misc]
