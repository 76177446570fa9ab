"""Which addresses may be connected to (section L)."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.url.addresses import is_allowed, read_address

CLOSED = {
    "SS-01": ["127.0.0.1", "127.255.255.254", "::1"],
    "SS-03": ["0.0.0.0", "0.1.2.3", "::"],
    "SS-04": ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "100.64.0.1", "168.63.129.16"],
    "SS-05": ["10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "fc00::1", "fe80::1", "fec0::1"],
    "SS-06": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::7f00:1", "::a00:1"],
    "SS-07": ["64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::", "2001:0:1::1"],
    "SS-08": [
        *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1"),
        *("198.51.100.1", "203.0.113.1", "192.88.99.1", "ff02::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1"),
    ],
}
OPEN = ["93.184.216.34", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::1"]
OPEN_INSIDE = ["::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize(("case", "address"), [(case, address) for case in CLOSED for address in CLOSED[case]])
def test_what_is_not_public_is_closed(case: str, address: str) -> None:
    """SS-01, SS-03, SS-04, SS-05, SS-06, SS-07, SS-08."""
    assert not is_allowed(ip_address(address)), case


@pytest.mark.parametrize("address", [*OPEN, *OPEN_INSIDE])
def test_what_is_public_is_open(address: str) -> None:
    """SS-06, SS-07: also behind NAT64, where it is all that a network may have."""
    assert is_allowed(ip_address(address))


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "fd00::5"])
def test_an_opened_network_is_open_and_its_neighbours_are_not(address: str) -> None:
    """SS-16."""
    opened = [ip_network("10.1.2.0/24"), ip_network("fd00::/64")]
    assert is_allowed(ip_address(address), opened)
    assert not is_allowed(ip_address("10.1.3.3"), opened)
    assert not is_allowed(ip_address("fd00:1::5"), opened)


@given(st.integers(0, 2**32 - 1))
def test_ipv4_inside_ipv6_is_judged_as_ipv4(number: int) -> None:
    """SS-06, SS-07."""
    verdict = is_allowed(IPv4Address(number))
    for prefix in (0, 0xFFFF << 32, 0x64FF9B << 96):
        assert is_allowed(IPv6Address(prefix | number)) == verdict


@given(st.ip_addresses())
def test_nothing_is_open_that_the_standard_library_calls_private(address: IPv4Address | IPv6Address) -> None:
    """SS-08: our table is the stricter one, but for the carriers of IPv4."""
    if is_allowed(address) and not any(address == ip_address(known) for known in OPEN_INSIDE):
        inner = address if address.version == 4 or int(address) >> 32 else None
        assert inner is None or inner.is_global or int(inner) >> 32 in {0xFFFF, 0x64FF9B << 64}


def test_only_canonical_spellings_are_addresses() -> None:
    """SS-02: the others are names, for the resolver to read and the guard to check."""
    assert read_address("fe80::1%lo") == ip_address("fe80::1")
    for text in ("0177.0.0.1", "127.1", "2130706433", "0x7f.1", "0", "\u0661.1.1.1", "example.org", ""):
        assert read_address(text) is None
