"""Registrable domains (SC-26)."""

import pytest

from aggregator.url.domain import registrable_domain, site


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.example.org", "example.org"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("one.blogspot.com", "blogspot.com"),
        ("www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("a.b.unheard-of", "b.unheard-of"),
    ],
)
def test_a_registrable_domain_is_what_an_owner_registers(host: str, domain: str) -> None:
    """SC-26: and a platform's blogs are one platform."""
    assert registrable_domain(host) == domain


def test_what_cannot_be_asked_is_a_site_of_its_own() -> None:
    assert site("http://user:pw@www.Example.org:8080/x") == "example.org"
    assert site("http://[::1") == "http://[::1"
