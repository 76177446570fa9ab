"""Which addresses a request may connect to. ``ipaddress.is_global`` is no such check (SS-07, SS-08)."""

import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def is_allowed(address: Address, opened: Collection[Network] = ()) -> bool:
    """Say whether ``address`` is on the public Internet, or inside a network that the operator ``opened``.

    IPv4 inside IPv6 (mapped, compatible, NAT64) is judged as the IPv4 address that it reaches (SS-06, SS-07).
    """
    inner = _embedded(address)
    if any(candidate in network for candidate in {address, inner} for network in opened):
        return True
    if isinstance(inner, IPv4Address):
        return not any(inner in network for network in _CLOSED_V4)
    return inner in _GLOBAL_UNICAST and not any(inner in network for network in _CLOSED_V6)


def _embedded(address: Address) -> Address:
    if isinstance(address, IPv6Address) and any(address in network for network in _CARRIES_V4):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def read_address(text: str) -> Address | None:
    """Return the address that ``text`` spells canonically, any zone left off, or None where it is a name."""
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None


def read_spelling(text: str) -> Address | None:
    """Return the address that ``text`` means to a resolver, which knows more spellings: 0x7f000001, 127.1."""
    try:
        return read_address(text) or IPv4Address(socket.inet_aton(text.strip(".")))
    except (OSError, ValueError):
        return None


# IANA's special-purpose registries (RFC 6890 and its updates), written out: what the standard library calls private
# or global changes between Python releases.
_CLOSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's platform service: public by number, internal by use
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # loopback, ULA, link-local, site-local and multicast all lie outside
_CLOSED_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
)
_CARRIES_V4 = (IPv6Network("::/96"), IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
