"""Links that lead to a story by way of somebody else."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.url.clean import match_key
from aggregator.url.targets import is_unresolved

WRAPPERS = [
    "https://www.google.com/url?q={}&sa=D",
    "https://www.google.de/url?url={}",
    "https://l.facebook.com/l.php?u={}&h=AT0",
    "https://www.youtube.com/redirect?q={}",
    "https://out.reddit.com/?url={}",
    "https://vk.com/away.php?to={}",
    "https://steamcommunity.com/linkfilter/?url={}",
]


def news_token(field: bytes) -> str:
    """A token of Google News: field 1 is 0x13, field 4 is given, field 26 is empty."""
    size = len(field)
    length = bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])
    return base64.urlsafe_b64encode(b"\x08\x13\x22" + length + field + b"\xd2\x01\x00").decode()


@pytest.mark.parametrize("wrapped", WRAPPERS)
def test_redirectors_are_unwrapped_once(wrapped: str) -> None:
    """UR-21: offline, where the target is a web address; what it leads to is cleaned like any link."""
    target = "https%3A%2F%2Fwww.x.example%2Fa%3Futm_source%3D1%26id%3D2"
    assert match_key(wrapped.format(target)) == "x.example/a?id=2"
    assert match_key(wrapped.format("javascript%3Aalert(1)")).startswith(match_key(wrapped.format("")).split("?")[0])
    assert "google.com/url" in match_key(wrapped.format("https%3A%2F%2Fgoogle.com%2Furl%3Fq%3Dhttps%3A%2F%2Fx.example"))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www-x-org.cdn.ampproject.org/c/s/www.x.org/a", "x.org/a"),
        ("https://x-org.cdn.ampproject.org/v/x.org/a/amp?id=1&amp=1", "x.org/a?id=1"),
        ("https://www.google.com/amp/s/www.x.org/a", "x.org/a"),
        ("https://www.google.com/amplifier", "google.com/amplifier"),
    ],
)
def test_amp_caches_name_their_source(url: str, key: str) -> None:
    """UR-20."""
    assert match_key(url) == key


@pytest.mark.parametrize("length", [0, 200])
def test_an_old_token_of_google_news_holds_the_url(length: int) -> None:
    """UR-22."""
    story = f"https://www.x.example/{'a' * length}story?utm_medium=rss"
    link = f"https://news.google.com/rss/articles/{news_token(story.encode())}?oc=5"
    assert match_key(link) == f"x.example/{'a' * length}story"
    assert not is_unresolved(link)


@pytest.mark.parametrize(
    "token", [news_token(b"AU_yqLNvbWV0aGluZw"), "CBMi", "CBMiA", news_token(b"javascript:alert(1)"), "CBM_-"]
)
def test_an_opaque_token_of_google_news_stays_and_is_flagged(token: str) -> None:
    """UR-22."""
    link = f"https://news.google.com/rss/articles/{token}?oc=5"
    assert match_key(link) == f"news.google.com/rss/articles/{token.replace('=', '=')}?oc=5"
    assert is_unresolved(link)


@pytest.mark.parametrize(
    ("url", "unresolved"),
    [
        ("http://feedproxy.google.com/~r/site/~3/abc/", True),
        ("http://feeds.feedburner.com/~r/site/~3/abc/", True),
        ("http://feeds2.feedburner.com/~r/site/~3/abc/", True),
        ("http://feeds.feedburner.com/site", False),
        ("https://news.google.com/topstories", False),
        ("https://www.google.com/url?q=https://x.example/", False),
        ("google.com/ feedburner.com/~r/", False),
    ],
)
def test_a_proxy_that_keeps_its_target_to_itself_is_flagged(url: str, unresolved: bool) -> None:
    """UR-23: where the feed states the source itself, that is the link (ID-19); no request is made for the others."""
    assert is_unresolved(url) is unresolved


@given(st.binary(max_size=40))
def test_any_token_has_a_key(data: bytes) -> None:
    """UR-38."""
    token = base64.urlsafe_b64encode(b"\x08\x13\x22" + data).decode()
    key = match_key(f"https://news.google.com/articles/{token}")
    assert match_key(key) == key
