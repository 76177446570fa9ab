"""What headers say about freshness."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.schedule.caching import Freshness, freshness, states_freshness

NOW = datetime(2026, 6, 24, 12, tzinfo=UTC)
DAY = "Wed, 24 Jun 2026"


def fresh(**headers: str) -> timedelta | None:
    """Return how long an answer with these headers is fresh."""
    return freshness({name.replace("_", "-"): value for name, value in headers.items()}, NOW).fresh_for


@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        ("max-age=43200", 43200),
        ("public, max-age=600", 600),
        ("Max-Age = 600", 600),
        ('max-age="60"', 60),
        ("max-age=60, max-age=9", 60),
        ("s-maxage=600", None),
        ("s-maxage=600, max-age=60", 60),
        ("max-age=-5", None),
        ("max-age=abc", None),
        ("max-age=1.5", None),
        ("max-age=٣", None),
        ("max-age", None),
        ("max-age=0", None),
        ("", None),
        (",,;==", None),
        ("no-cache, max-age=43200", None),
        ('private="x, no-cache", max-age=60', 60),
        ("max-age=43200, no-store", None),
        ("max-age=43200, must-revalidate", None),
    ],
)
def test_max_age_is_read_and_junk_is_not(cache_control: str, seconds: int | None) -> None:
    """SC-06, SC-08, SC-09, SC-12."""
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert fresh(cache_control=cache_control) == expected


def test_a_huge_age_is_no_more_than_a_year() -> None:
    """SC-12: and the schedule's cap cuts it further."""
    for age in ("99999999999", "9" * 4000, "3153600000"):
        assert fresh(cache_control=f"max-age={age}") in {timedelta(days=365), None}
    assert fresh(cache_control="max-age=99999999999") == timedelta(days=365)


def test_the_time_in_caches_is_taken_off() -> None:
    """SC-06: Age."""
    assert fresh(cache_control="max-age=600", age="100") == timedelta(seconds=500)
    assert fresh(cache_control="max-age=600", age="600") is None
    assert fresh(cache_control="max-age=600", age="soon") == timedelta(seconds=600)


def test_expires_is_relative_to_the_servers_own_clock() -> None:
    """SC-10: its Date, not our time; without one, our time."""
    assert fresh(expires=f"{DAY} 15:00:00 GMT", date=f"{DAY} 13:00:00 GMT") == timedelta(hours=2)
    assert fresh(expires=f"{DAY} 15:00:00 GMT") == timedelta(hours=3)
    assert fresh(expires=f"{DAY} 15:00:00 GMT", cache_control="max-age=60") == timedelta(minutes=1)
    assert freshness({"expires": f"{DAY} 15:00:00 GMT"}, NOW).fresh_by == "expires"


@pytest.mark.parametrize("expires", ["0", "-1", "", "soon", "Thu, 01 Jan 1970 00:00:00 GMT", f"{DAY} 12:00:00 GMT"])
def test_a_date_that_is_past_or_none_is_stale(expires: str) -> None:
    """SC-11, CR-25: and validators have nothing to do with it."""
    assert fresh(expires=expires) is None


def test_whether_headers_speak_of_freshness_at_all() -> None:
    """A 304 without either leaves standing what the 200 said."""
    assert states_freshness({"cache-control": "no-cache"})
    assert states_freshness({"expires": "0"})
    assert not states_freshness({"age": "5", "date": f"{DAY} 12:00:00 GMT"})


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age"]), st.text(max_size=80)))
def test_no_header_raises(headers: dict[str, str]) -> None:
    """SC-12."""
    told = freshness(headers, NOW)
    assert told == Freshness() or timedelta(0) < (told.fresh_for or timedelta(0)) <= timedelta(days=365)
