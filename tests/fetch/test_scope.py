"""Who shares a budget (SC-25, SC-26, SC-27)."""

import pytest

from aggregator.fetch import Group, Origins
from aggregator.fetch.scope import Scope

REDDIT = Group(name="reddit", hosts=("reddit.com", "*.reddit.com"))


@pytest.mark.parametrize(
    ("scope", "url", "address", "origin"),
    [
        ("host", "https://A.example.org/feed", "192.0.2.1", "a.example.org"),
        ("host", "https://a.example.org:8443/feed", None, "a.example.org:8443"),
        ("domain", "https://a.example.org/feed", "192.0.2.1", "example.org"),
        ("domain", "http://a.example.co.uk:8080/feed", None, "example.co.uk"),
        ("address", "https://a.example.org/feed", "192.0.2.1", "192.0.2.1"),
        ("address", "https://a.example.org/feed", None, "a.example.org"),
        ("host", "http://[::1", None, "http://[::1"),
    ],
)
def test_the_scope_says_what_an_origin_is(scope: Scope, url: str, address: str | None, origin: str) -> None:
    """SC-26, SC-27."""
    assert Origins(scope).of(url, address) == origin


@pytest.mark.parametrize("scope", ["host", "domain", "address"])
def test_a_group_is_one_origin_whatever_the_scope(scope: Scope) -> None:
    """SC-25, SC-26."""
    origins = Origins(scope, [REDDIT])
    assert {
        origins.of("https://reddit.com/r/a.rss", "192.0.2.1"),
        origins.of("https://www.reddit.com/r/b.rss"),
        origins.of("http://old.np.reddit.com:8080/r/c.rss"),
    } == {"@reddit"}
    assert "@reddit" not in {origins.of("https://notreddit.com/"), origins.of("https://reddit.com.example/")}
