"""What the head of an answer says about the pace."""

from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.answer import read_head
from aggregator.fetch.pace import Signal
from aggregator.fetch.signals import signal_of
from tests.fetch.making import NOW


def heard(headers: dict[str, str], status: int = 200) -> Signal:
    """Read an answer; names with underscores for hyphens."""
    raw = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return signal_of(read_head(httpx.Response(status, headers=raw), now=NOW), started=NOW, at=NOW)


@pytest.mark.parametrize(
    ("status", "headers", "refused", "welcome"),
    [
        (200, {}, False, True),
        (304, {}, False, True),
        (301, {}, False, True),
        (429, {}, True, False),
        (503, {}, True, False),
        (403, {}, False, False),
        (403, {"cf_mitigated": "challenge"}, True, False),
        (404, {}, False, False),
        (500, {}, False, False),
        (500, {"retry_after": "60"}, True, False),
        (500, {"retry_after": "0"}, False, False),
        (200, {"retry_after": "60"}, False, True),
    ],
)
def test_a_refusal_is_told_from_a_welcome_and_from_an_error(
    status: int, headers: dict[str, str], refused: bool, welcome: bool
) -> None:
    """ST-01, ST-06, ST-08, ST-24."""
    signal = heard(headers, status)
    assert (signal.refused, signal.welcome) == (refused, welcome)


_RESET = str(int(NOW.timestamp()) + 90)


@pytest.mark.parametrize(
    "headers",
    [
        {"ratelimit": '"default";r=0;t=90'},
        {"ratelimit": '"burst";r=5;t=1, "daily";r=0;t=90'},
        {"ratelimit": "limit=100, remaining=0, reset=90"},
        {"ratelimit_remaining": "0", "ratelimit_reset": "90"},
        {"x_ratelimit_remaining": "0.0", "x_ratelimit_reset": "90"},
        {"x_ratelimit_remaining": "0", "x_ratelimit_reset": _RESET},
        {"x_ratelimit_remaining": "0", "x_ratelimit_reset": _RESET + "000"},
        {"x_rate_limit_remaining": "0", "x_rate_limit_reset": _RESET},
        {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "90", "retry_after": "10"},
        {"retry_after": "90", "x_ratelimit_remaining": "0", "x_ratelimit_reset": "10"},
    ],
)
def test_a_spent_quota_is_waited_for(headers: dict[str, str]) -> None:
    """ST-08: in every form that servers state it; of several waits the longest."""
    assert heard(headers).wait == timedelta(seconds=90)


@pytest.mark.parametrize(
    "headers",
    [
        {"ratelimit": '"default";r=3;t=90'},
        {"x_ratelimit_remaining": "1", "x_ratelimit_reset": "90"},
        {"x_ratelimit_remaining": "0"},
        {"x_ratelimit_remaining": "none", "x_ratelimit_reset": "soon"},
        {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "-5"},
        {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "1000000001"},
        {"ratelimit": '"; =;;,,r=;t==0'},
    ],
)
def test_a_quota_that_is_not_spent_or_not_readable_is_not(headers: dict[str, str]) -> None:
    """ST-03."""
    assert not heard(headers).wait


@pytest.mark.parametrize(
    ("policy", "seconds"),
    [
        ('"default";q=100;w=3600', 36),
        ('"burst";q=10;w=1, "daily";q=1000;w=86400', 86.4),
        ("100;w=60", 0.6),
        ("100, 50;w=60", 1.2),
    ],
)
def test_a_policy_says_how_far_apart(policy: str, seconds: float) -> None:
    """Of several the strictest."""
    assert heard({"ratelimit-policy": policy}).spacing == timedelta(seconds=seconds)


@pytest.mark.parametrize("policy", ["", '"x";q=0;w=60', '"x";q=ten', ";w=60", "\u0663;w=60".encode().decode("latin-1")])
def test_an_unreadable_policy_says_nothing(policy: str) -> None:
    """ST-04."""
    assert heard({"ratelimit-policy": policy}).spacing is None


@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=80),
    st.text('0123456789.;=,rtqw"', max_size=60),
)
def test_no_header_is_too_strange(noise: str, almost: str) -> None:
    """ST-03, HX-22: a value or nothing, within a day."""
    for text in (noise, almost):
        fields = {"ratelimit": text, "ratelimit-policy": text, "x-ratelimit-remaining": "0", "x-ratelimit-reset": text}
        signal = heard(fields)
        for stated in (signal.wait, signal.spacing):
            assert stated is None or timedelta() <= stated <= timedelta(days=1)
