"""Dates are right or none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse.dates import (
    DAY_GUESSED,
    FUTURE,
    ORDER_GUESSED,
    PLACEHOLDER,
    TZ_GUESSED,
    UNREADABLE,
    read_date,
    read_dates,
)
from tests.parse.build import CORPUS, NOW

DATES = CORPUS / "dates"


def _read(raw: str) -> tuple[str, tuple[str, ...]]:
    date = read_date(raw, now=NOW)
    return (date.at.strftime("%Y-%m-%d %H:%M:%S") if date.at else "none", date.flags)


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("Mon, 01 Jan 2024 10:00:00 GMT", "2024-01-01 10:00:00"),
        ("Mon, 01 Jan 24 10:00:00 GMT", "2024-01-01 10:00:00"),  # DT-02
        ("01 Jan 89 10:00 GMT", "1989-01-01 10:00:00"),
        ("Mon, 01 Jan 2024 24:00:00 GMT", "2024-01-02 00:00:00"),  # DT-04
        ("2024-01-01T24:00:00Z", "2024-01-02 00:00:00"),
        ("Sat, 31 Dec 2016 23:59:60 GMT", "2016-12-31 23:59:59"),  # DT-05
        ("Mon, 01 Jan 2024 10:00:00 CEST", "2024-01-01 08:00:00"),  # DT-06
        ("Mon, 01 Jan 2024 10:00:00 JST", "2024-01-01 01:00:00"),
        ("Mon, 01 Jan 2024 10:00:00 +0530", "2024-01-01 04:30:00"),  # DT-07
        ("Mon, 01 Jan 2024 10:00:00 -0530", "2024-01-01 15:30:00"),
        ("Mon, 01 Jan 2024 10:00:00 +05:30", "2024-01-01 04:30:00"),
        ("Mon, 01 Jan 2024 10:00:00 GMT+5", "2024-01-01 05:00:00"),  # DT-08
        ("1704067200", "2024-01-01 00:00:00"),  # DT-09
        ("1704067200000", "2024-01-01 00:00:00"),
        ("lun., 01 janv. 2024 10:00:00 +0100", "2024-01-01 09:00:00"),  # DT-13
        ("จ., 01 ม.ค. 2024 10:00:00 +0000", "2024-01-01 10:00:00"),
        ("Mon,01 Jan 2024 10:00:00 GMT", "2024-01-01 10:00:00"),  # DT-18
        ("Sun, 01 Jan 2024 10:00:00 GMT", "2024-01-01 10:00:00"),  # DT-19
        ("Mon, 01 Jan 2024 10:00:00 &#43;0100", "2024-01-01 09:00:00"),  # DT-20
        ("２０２４-０１-０１T１０:００:００Z", "2024-01-01 10:00:00"),  # DT-21
        ("2024-01-01T10:00:00.123456789+0100", "2024-01-01 09:00:00"),
        ("20240101T101500Z", "2024-01-01 10:15:00"),
        ("Mon Jan 01 10:00:00 +0000 2024", "2024-01-01 10:00:00"),
        ("Mon Jan 01 2024 10:00:00 GMT+0100 (Central European Time)", "2024-01-01 09:00:00"),
        ("Mon, 01 Jan 2024 12:30 AM EST", "2024-01-01 05:30:00"),
    ],
)
def test_a_date_with_a_zone_is_read_exactly(raw: str, at: str) -> None:
    """DT-02…09, DT-13, DT-18…21."""
    assert _read(raw) == (at, ())


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("Mon, 01 Jan 2024 10:00:00 IST", "2024-01-01 04:30:00"),  # DT-06
        ("Mon, 01 Jan 2024 10:00:00 XYZ", "2024-01-01 10:00:00"),
        ("Mon, 01 Jan 2024 10:00:00 +9999", "2024-01-01 10:00:00"),  # DT-17
        ("January 1, 2024 3:04 PM", "2024-01-01 15:04:00"),  # DT-12
        ("Jan 1, 2024", "2024-01-01 00:00:00"),
        ("13/02/2024", "2024-02-13 00:00:00"),  # DT-11: only one order is possible
        ("2024-01-01T10:00:00", "2024-01-01 10:00:00"),  # DT-22
        ("2024/1/2 10:00", "2024-01-02 10:00:00"),
        ("1. März 2024, 10:00 Uhr", "2024-03-01 10:00:00"),
        ("5 мая 2024 г.", "2024-05-05 00:00:00"),
        ("1 de enero de 2024", "2024-01-01 00:00:00"),
        ("2024年01月01日 10時30分", "2024-01-01 10:30:00"),
        ("2024년 1월 1일 오후 1:30", "2024-01-01 04:30:00"),
        ("2024-02-29T10:00:00 +9900", "2024-02-29 10:00:00"),
        ("Mon, 01 Jan 2024 10:00:00 BST", "2024-01-01 09:00:00"),
        ("Mon, 01 Jan 2024 10:00:00 CST", "2024-01-01 16:00:00"),
        ("10/30/23 21:55:58", "2023-10-30 21:55:58"),
        ("2024-W01-1", "2024-01-01 00:00:00"),  # DT-10
        ("2024-060", "2024-02-29 00:00:00"),
    ],
)
def test_a_guessed_zone_is_flagged(raw: str, at: str) -> None:
    """DT-06, DT-10, DT-12, DT-17, DT-22: never silently UTC."""
    assert _read(raw) == (at, (TZ_GUESSED,))


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("30.10.23", "2023-10-30 00:00:00"),
        ("03-12-31", "2003-12-31 00:00:00"),
        ("10-30-23", "2023-10-30 00:00:00"),
    ],
)
def test_an_order_that_only_one_day_of_the_past_has_is_flagged(raw: str, at: str) -> None:
    """DT-11."""
    assert _read(raw) == (at, (ORDER_GUESSED, TZ_GUESSED))


@pytest.mark.parametrize(
    ("raw", "at"),
    [("2024-02", "2024-02-01 00:00:00"), ("2024", "2024-01-01 00:00:00"), ("2024-W02", "2024-01-08 00:00:00")],
)
def test_a_guessed_day_is_flagged(raw: str, at: str) -> None:
    """DT-10, DT-22."""
    assert _read(raw) == (at, (DAY_GUESSED, TZ_GUESSED))


@pytest.mark.parametrize(
    ("raw", "flag"),
    [
        *((raw, UNREADABLE) for raw in ("", " ", "yesterday", "12:30", "01/02/2024", "1/2/2024 3:04 PM", "03-04-05")),
        *((raw, UNREADABLE) for raw in ("0000-00-00 00:00:00", "30001-01-01", "2024-W54-1", "2024-000", "2024-13-01")),
        *(
            (raw, UNREADABLE)
            for raw in ("2023-366", "22013", "12.05.24", "13/05/12", "05/20 7:03 am", "2004-10-067T00:00Z")
        ),
        *((raw, UNREADABLE) for raw in ("2024-02-30", "9999-12-31T23:59:59-12:00", "Mon, 01 Jan 104 10:00:00 GMT")),
        *((raw, UNREADABLE) for raw in ("2024-01-01T10:61:00Z", "2024-01-01T25:00Z", "01 Foo 2024", "1" * 500)),
        *((raw, UNREADABLE) for raw in ("12 listopada 2024", "2013-01-27-01", "Mon, 01 Jan 2024 10:00:00 +00:zz")),
        *((raw, PLACEHOLDER) for raw in ("1970-01-01", "Thu, 01 Jan 1970 01:00:00 +0100", "0001-01-01T00:00:00Z")),
        *((raw, PLACEHOLDER) for raw in ("Mon, 01 Jan 0024 00:00:00 GMT", "1969-12-31T16:00:00-08:00")),
        *(
            (raw, PLACEHOLDER)
            for raw in ("1900-01-01T00:00:00Z", "1899-12-30", "1601-01-01", "1385/10/12", "0024-01-01")
        ),
        *((raw, FUTURE) for raw in ("2026-07-03T00:00:00Z", "Mon, 01 Jan 2035 00:00:00 GMT", "9999-12-31")),
    ],
)
def test_what_cannot_be_told_is_none(raw: str, flag: str) -> None:
    """DT-03, DT-11, DT-13…16, DT-23, DT-25: no date is better than a wrong one."""
    assert _read(raw) == ("none", (flag,))


def test_a_day_ahead_is_kept() -> None:
    """DT-24: up to 24 hours. Nothing is sorted by it: what goes out goes out in the order of the change log."""
    assert read_date("2026-07-02T11:00:00Z", now=NOW).at == datetime(2026, 7, 2, 11, tzinfo=UTC)


def test_both_dates_of_an_entry_stand_on_their_own() -> None:
    """DT-01, DT-28, DT-32."""
    dates = read_dates("2024-01-02", "2023-01-01T00:00Z", now=NOW)
    assert (dates.published_raw, dates.flags) == ("2024-01-02", (TZ_GUESSED,))
    assert dates.updated
    assert dates.published
    assert dates.updated < dates.published == dates.newest
    assert read_dates(None, "soon", now=NOW).flags == ("missing", "updated_unreadable")


@given(st.text())
def test_any_text_gives_an_answer(raw: str) -> None:
    date = read_date(raw, now=NOW)
    assert bool(date.at) or bool(date.flags)


@given(st.text(alphabet="0123456789-/:T+Z .,JanFebpm年월오후()&#;", max_size=40))
def test_no_answer_is_in_the_far_future(raw: str) -> None:
    """DT-25."""
    at = read_date(raw, now=NOW).at
    assert at is None or (at <= NOW + timedelta(hours=24) and at.tzinfo is UTC)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2026, 1, 1)), st.integers(-12 * 60, 14 * 60))  # noqa: DTZ001
def test_what_was_written_by_the_book_is_read_back(moment: datetime, offset: int) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    local = moment + timedelta(minutes=offset)
    zone = f"{'+' if offset >= 0 else '-'}{abs(offset) // 60:02}{abs(offset) % 60:02}"
    for form in ("%a, %d %b %Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d %B %Y %H:%M:%S"):
        assert read_date(f"{local:{form}} {zone}", now=NOW).at == moment


@given(st.datetimes(datetime(1971, 1, 1), datetime(2026, 1, 1)), st.integers(-16 * 60, 16 * 60))  # noqa: DTZ001
def test_the_short_way_reads_what_the_long_way_reads(moment: datetime, offset: int) -> None:
    zone = f"{'+' if offset >= 0 else '-'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    for form, ending in (("%Y-%m-%dT%H:%M:%S", zone), ("%a, %d %b %Y %H:%M:%S ", zone.replace(":", ""))):
        raw = f"{moment:{form}}{ending}"
        assert read_date(raw, now=NOW) == read_date(f"{raw} ()", now=NOW)  # a comment makes it the long way
