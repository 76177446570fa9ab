"""Retry-After is read carefully (ST-01…05)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.waiting import retry_after
from tests.fetch.making import NOW

_DAY = timedelta(hours=24)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3600", 3600),
        ("0", 0),
        (" 120 ", 120),
        ("007", 7),
        ("86401", 86400),
        ("99999999999", 86400),
        ("9" * 5000, 86400),
    ],
)
def test_seconds_are_read_up_to_a_day(value: str, seconds: int) -> None:
    """ST-01, ST-03."""
    assert retry_after(value, date=None, now=NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value", ["", "-5", "1.5", "soon", "\u0663", "\u00b2", "1e3", "0x10", "Sun, 99 Oct 2026", None]
)
def test_what_cannot_be_read_asks_for_nothing(value: str | None) -> None:
    """ST-03, ST-04."""
    assert retry_after(value, date=None, now=NOW) is None


@pytest.mark.parametrize(
    "value",
    [
        "Sun, 18 Oct 2026 12:05:00 GMT",
        "Sunday, 18-Oct-26 12:05:00 GMT",
        "Sun Oct 18 12:05:00 2026",
        "Sun, 18 Oct 2026 14:05:00 +0200",
    ],
)
def test_every_form_of_an_http_date_is_read(value: str) -> None:
    """ST-02, ST-05: IMF-fixdate, RFC 850, asctime, and one with an offset."""
    assert retry_after(value, date=None, now=NOW) == timedelta(minutes=5)


def test_a_date_counts_from_the_date_of_the_answer() -> None:
    """ST-02: a server's clock may be years off."""
    then, until = "Mon, 01 Jan 2001 00:00:00 GMT", "Mon, 01 Jan 2001 01:00:00 GMT"
    assert retry_after(until, date=then, now=NOW) == timedelta(hours=1)
    assert retry_after("Sun, 18 Oct 2026 12:05:00 GMT", date="nonsense", now=NOW) == timedelta(minutes=5)


def test_a_date_in_the_past_or_far_ahead_is_bounded() -> None:
    """ST-03."""
    assert retry_after("Sun, 18 Oct 2020 12:00:00 GMT", date=None, now=NOW) == timedelta(0)
    assert retry_after("Sun, 18 Oct 2099 12:00:00 GMT", date=None, now=NOW) == _DAY


@given(
    st.one_of(st.text(), st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,5} [A-Z][a-z]{2} [0-9]{1,6} [0-9:]{0,9} ?[+-]?[0-9]*"))
)
def test_no_value_is_an_exception(value: str) -> None:
    """ST-03."""
    wait = retry_after(value, date=value, now=NOW)
    assert wait is None or timedelta(0) <= wait <= _DAY
