"""Durations, sizes, networks and feed URLs as people write them."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Keep, PerFeed
from aggregator.settings.checks import keep
from aggregator.settings.feed_url import feed_url
from aggregator.settings.values import duration, duration_text, network, quoted, shown, size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1s", 1), ("90s", 90), ("15m", 900), ("2h", 7200), ("1d", 86400), ("1h30m", 5400), ("500ms", 0.5), ("0s", 0)],
)
def test_a_duration_has_a_number_and_a_unit(text: str, seconds: float) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["", "5", "5 s", "-5s", "1.5h", "s", "5y", 5, True, None, ["5s"], "99999999d", "٥s"])
def test_what_is_no_duration_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="expected a duration such as"):
        duration(value)


def test_a_duration_may_have_a_least() -> None:
    with pytest.raises(ValueError, match='expected a duration of at least "1s", got "500ms"'):
        duration("500ms", least=timedelta(seconds=1))


@given(st.integers(0, 10**12).map(lambda count: timedelta(milliseconds=count)))
def test_a_duration_written_reads_as_itself(value: timedelta) -> None:
    assert duration(duration_text(value)) == value


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("10MB", 10**7),
        ("500KB", 500_000),
        ("500kb", 500_000),
        ("1GiB", 2**30),
        ("1.5 MiB", 3 * 2**19),
        ("7", 7),
        (7, 7),
    ],
)
def test_a_size_is_bytes(value: object, count: int) -> None:
    assert size(value) == count


@pytest.mark.parametrize("value", ["", "MB", "10 MBit", "-1", 0, -1, True, 1.5, None, "0KB", "0.1B"])
def test_what_is_no_size_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="expected a size such as"):
        size(value)


def test_a_network_is_written_in_cidr_notation() -> None:
    assert network("10.0.0.0/8") == ip_network("10.0.0.0/8")
    assert network("fd00::/8") == ip_network("fd00::/8")
    assert network("127.0.0.1") == ip_network("127.0.0.1/32")


@pytest.mark.parametrize("value", ["10.0.0.1/8", "10.0.0.0/33", "lan", 7, None])
def test_what_is_no_network_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="expected a network such as"):
        network(value)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("feed://example.org/rss", "http://example.org/rss"),
        ("feed:https://example.org/rss", "https://example.org/rss"),
        ("FEED:example.org/rss", "http://example.org/rss"),
        ("feed://https://example.org/rss", "https://example.org/rss"),
        ("podcast://example.org/rss", "http://example.org/rss"),
        ("pcast://example.org/rss", "http://example.org/rss"),
        ("itpc://example.org/rss", "http://example.org/rss"),
        (" HTTP://example.org/a b?c d#e\n", "http://example.org/a%20b?c%20d"),
        ("https://me:pw@example.org:8443/rss?x=#y", "https://me:pw@example.org:8443/rss?x="),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("https://müller.example/ü", "https://müller.example/ü"),
    ],
)
def test_a_feed_url_is_http_under_any_name(written: str, meant: str) -> None:
    """HT-19, HT-16."""
    assert feed_url(written) == meant
    assert feed_url(meant) == meant


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "example.org/feed",
            "ftp://example.org/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "feed:",
        ),
        *("http://", "http:///path", "http://a:99999/", "http://a:b/", "http://[::1/", "http://a\\@b/", "http://a b/"),
        *(
            "| rm -rf",
            "exec:ls",
            "filter:cat:http://a/",
            "http://a/\0",
            "http://a/\u2028b",
            "http://a/" + "x" * 5000,
            5,
            None,
        ),
    ],
)
def test_what_is_no_feed_url_is_refused(value: object) -> None:
    """OP-03, UR-29."""
    with pytest.raises(ValueError, match="expected a feed URL"):
        feed_url(value)


def test_a_password_is_never_shown() -> None:
    """HT-16."""
    assert shown("https://me:secret@example.org/a@b") == "https://***@example.org/a@b"
    assert "secret" not in quoted("ftp://me:secret@example.org/")
    assert "secret" not in quoted(["ftp://me:se@cret@example.org/"])
    assert shown("https://example.org/@me") == "https://example.org/@me"


@given(st.text())
def test_any_text_is_a_feed_url_or_refused(text: str) -> None:
    try:
        url = feed_url(text)
    except ValueError:
        return
    assert feed_url(url) == url
    assert url.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("forever", None),
        ("365d", timedelta(days=365)),
        ("1000 per feed", PerFeed(records=1000)),
        ("1 per feed", PerFeed(records=1)),
    ],
)
def test_how_long_to_keep_is_a_time_or_a_number(text: str, kept: Keep | None) -> None:
    assert keep(text) == kept
    if kept is not None:
        assert keep(kept) == kept


@pytest.mark.parametrize("text", ["0 per feed", "-1 per feed", "1000", 1000, "per feed", "1000 per day", "0s", ""])
def test_what_is_neither_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="per feed"):
        keep(text)
