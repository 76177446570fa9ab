"""Reading dates."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from aggregator.parse import dates as flags
from aggregator.parse.dates import read_date, read_dates
from aggregator.text.http_date import http_date
from aggregator.text.plain import clean_text
from tests.fuzz.mutation import mutated
from tests.fuzz.trial import Target

_NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
_FLAGS = {flags.TZ_GUESSED, flags.DAY_GUESSED, flags.ORDER_GUESSED}
_FLAGS |= {flags.UNREADABLE, flags.PLACEHOLDER, flags.FUTURE, flags.MISSING}
_SEEDS = (
    "Wed, 24 Jun 2026 10:11:12 GMT",
    "Wed, 24 Jun 26 10:11 -0500 (EST)",
    "24 June 2026 22:11:12.5 PM +05:30",
    "June 24th, 2026 at 3:04 p.m. PST",
    "Wed Jun 24 10:11:12 CEST 2026",
    "2026-06-24T10:11:12.123456789Z",
    "2026-06-24 24:00:00+14:00",
    "2026-W26-3",
    "20260624T101112Z",
    "2026/06/24",
    "24.06.2026, 10:11 Uhr",
    "24/06/26 10:11",
    "01-13-2026",
    "1782295872",
    "1782295872000",
    "2026",
    "2026-06",
    "2026년 6월 24일 오후 3:04",
    "2026年6月24日 10時11分12秒",
    "mercredi 24 juin 2026 à 10:11",
    "24 de junho de 2026 às 10h11",
    "среда, 24 июня 2026 г. 10:11",
    "२४ जून २०२६",
    "1970-01-01T00:00:00Z",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:60-23:59",
)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d", re.ASCII)
_PIECES = (
    *"0123456789/-:., +()TZ",
    "\x00",
    "\u00a0",
    "\u2212",
    "\u0660",
    "\u0966",
    "²",
    "①",
    "&nbsp;",
    "&#0;",
    "&#x41;",
    "(",
    ")",
    *(
        "am",
        "pm",
        "a.m.",
        "오전",
        "午後",
        "+00:00",
        "-23:59",
        "+9999",
        "gmt",
        "est",
        "z",
        "utc+1",
        "etc/gmt",
        "et",
        "at",
    ),
    *(
        "jan",
        "february",
        "mär",
        "мая",
        "décembre",
        "sept",
        "may",
        "mon",
        "wednesday",
        "th",
        "st",
        "de",
        "of",
        "um",
        "à",
    ),
    *(
        "0000",
        "9999",
        "24:00",
        "23:59:60",
        "99",
        "00",
        "31",
        "29",
        "30",
        "1e9",
        "w26",
        "年",
        "월",
        "日",
        "г.",
        "º",
        "İ",
        "ı",
    ),
)
_TOKENS = st.sampled_from(_PIECES) | st.text(max_size=4)


def check(raw: str) -> None:
    """DT-01…28: aware, in UTC, to the second, no placeholder, not in the future; or none, with a reason."""
    read = read_date(raw, now=_NOW)
    assert set(read.flags) <= _FLAGS
    if read.at is None:
        assert read.flags
    else:
        _check_moment(read.at)
        stated = None if flags.TZ_GUESSED in read.flags else _by_the_book(raw)
        assert stated is None or abs(stated - read.at) < timedelta(seconds=1.5), (stated, read.at)
    both = read_dates(raw, raw, now=_NOW)
    assert both.published == both.updated == (read.at if raw else None)
    assert both.published_raw is None or clean_text(both.published_raw) == both.published_raw
    header = http_date(raw)
    assert header is None or header.tzinfo is UTC


def _check_moment(at: datetime) -> None:
    assert at.tzinfo is UTC
    assert not at.microsecond
    assert at.year >= 1000
    assert at <= _NOW + timedelta(hours=24)
    assert read_date(at.isoformat(), now=_NOW).at == at
    assert read_date(f"{at:%a, %d %b} {at.year} {at:%H:%M:%S} GMT", now=_NOW).at == at


def _by_the_book(raw: str) -> datetime | None:
    """Return what a date with its zone says by RFC 3339, where the standard library reads it."""
    if not _RFC3339.match(raw):
        return None
    try:
        stated = datetime.fromisoformat(raw)
        return stated.astimezone(UTC) if stated.tzinfo else None
    except (ValueError, OverflowError):
        return None


DATES = Target(
    name="dates",
    cases=mutated(_SEEDS, _TOKENS) | st.lists(_TOKENS, max_size=12).map("".join),
    check=check,
    seconds=1.0,
)
