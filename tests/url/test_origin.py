"""Origins and authorities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.url.origin import authority, origin


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://example.org/feed", "example.org"),
        ("HTTPS://EXAMPLE.org:443", "example.org"),
        ("http://example.org:443/", "example.org:443"),
        ("http://example.org:/", "example.org"),
        ("https://user:secret@example.org:8443/x?y#z", "example.org:8443"),
        ("http://example.org./", "example.org"),
        ("http://b\u00fccher.example/", "xn--bcher-kva.example"),
        ("http://B\u00dcCHER.example/", "xn--bcher-kva.example"),
        ("http://\u2603.example/", "xn--n3h.example"),
        ("http://foo_bar.example?q", "foo_bar.example"),
        ("http://a@b@example.org/", "example.org"),
        ("http://[2001:DB8::1]:8080/", "[2001:db8::1]:8080"),
        ("http://[fe80::1%25eth0]/", "[fe80::1]"),
        ("http://\uff11\uff12\uff17.0.0.1/", "127.0.0.1"),
    ],
)
def test_an_origin_is_host_and_unusual_port(url: str, expected: str) -> None:
    """HX-21: whom to be polite to."""
    assert origin(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        *("", "feed.xml", "//example.org/", "ftp://example.org/", "http:/example.org", "http://", "http:///x"),
        *("http://[::1", "http://[::1]x/", "http://[zz]/", "http://a..b/", "http://.a/", "http://a b/", "http://a\\b/"),
        *("http://h:0/", "http://h:65536/", "http://h:8o/", "http://h:\u0668/", "http://h:-1/", "http://h:80:80/"),
        *(
            "http://" + "a" * 64 + ".example/",
            "http://" + "a." * 130 + "b/",
            "http://%31/",
            "http://\udcff/",
            "http://@/",
        ),
        "http://" + "\u00fc" * 100_000,
    ],
)
def test_a_url_that_names_nobody_is_refused(url: str) -> None:
    """ST-17."""
    with pytest.raises(ValueError, match=r".+"):
        origin(url)


def test_credentials_are_decoded_and_not_part_of_the_origin() -> None:
    """ST-21, HT-16."""
    assert authority("http://us%65r:p%40ss:w@h/").credentials == b"user:p@ss:w"
    assert authority("http://user@h/").credentials == b"user:"
    assert authority("http://h/").credentials is None


@given(st.text(max_size=80))
def test_any_text_is_an_origin_or_a_value_error(text: str) -> None:
    """ST-17: and an origin is ASCII, in lower case, and its own origin."""
    try:
        found = origin(f"http://{text}")
    except ValueError:
        return
    assert found.isascii()
    assert found == found.lower()
    assert origin(f"http://{found}") == found
