"""Dates as feeds write them: read right, or not at all (DT-01…28)."""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aggregator.parse.months import read_month
from aggregator.parse.plain_dates import read_plain
from aggregator.parse.zones import KOREA, read_zone
from aggregator.text.plain import clean_text

TZ_GUESSED = "tz_guessed"
DAY_GUESSED = "day_guessed"
ORDER_GUESSED = "order_guessed"
UNREADABLE = "unreadable"
PLACEHOLDER = "placeholder"
FUTURE = "future"
MISSING = "missing"

_LONGEST = 100
_FUTURE_CAP = timedelta(hours=24)  # DT-24, DT-25
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
# What "no date" becomes in Unix, Windows, Excel and SQL Server (DT-23).
_ZEROS = (_EPOCH, *(datetime(*day, tzinfo=UTC) for day in ((1601, 1, 1), (1899, 12, 30), (1900, 1, 1))))
_FIRST_YEAR = 1583  # the calendar's own; years before it are of other calendars, or of none
_HANGUL = re.compile("[가-힣]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDate:
    """What a date says. ``at`` is in UTC, to the second; the flags name what was guessed, or why there is no date."""

    at: datetime | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """When an entry was published and updated, as far as its feed says."""

    published: datetime | None
    updated: datetime | None
    published_raw: str | None
    flags: tuple[str, ...]  # of the date of publication; those of ``updated`` start with "updated_"

    @property
    def newest(self) -> datetime | None:
        """The date of publication, else of the last change."""
        return self.published or self.updated


def read_dates(published: str | None, updated: str | None, *, now: datetime) -> Dates:
    """Return both dates of an entry; each stands on its own (DT-28)."""
    first = read_date(published, now=now) if published else ReadDate(at=None, flags=(MISSING,))
    second = read_date(updated, now=now) if updated else ReadDate(at=None)
    return Dates(
        published=first.at,
        updated=second.at,
        published_raw=clean_text(published[:_LONGEST]) if published else None,
        flags=first.flags + tuple(f"updated_{flag}" for flag in second.flags),
    )


def read_date(raw: str, *, now: datetime) -> ReadDate:
    """Return the moment that ``raw`` names, or none with the reason in its flags.

    RFC 822 and ISO 8601 with their common deviations, epoch seconds and milliseconds, month names in many languages.
    Ambiguous forms (``01/02/2024``), placeholders (1970-01-01, year 1) and what lies more than 24 hours after ``now``
    give none. Never raises.
    """
    plain = read_plain(raw)
    if plain is not None:
        return _plausible(ReadDate(at=plain), now)
    text = _normalized(raw) if len(raw) <= _LONGEST else ""
    for shape, read in _SHAPES:
        match = shape.fullmatch(text)
        if match is None:
            continue
        try:
            found = read(match)
        except (ValueError, OverflowError):
            found = None
        if found is not None:
            return _plausible(found, now)
    return _by_elimination(text, now) or ReadDate(at=None, flags=(UNREADABLE,))


def _plausible(found: ReadDate, now: datetime) -> ReadDate:
    assert found.at is not None
    if found.at.year < _FIRST_YEAR or any(abs(found.at - zero) < _DAY for zero in _ZEROS):
        return ReadDate(at=None, flags=(PLACEHOLDER,))
    if found.at > now + _FUTURE_CAP:
        return ReadDate(at=None, flags=(FUTURE,))
    return found


def _normalized(raw: str) -> str:
    """Lower case, ASCII digits, single spaces, comments gone (RFC 822), escaped once less (DT-20, DT-21)."""
    text = html.unescape(raw) if "&" in raw else raw
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("−", "-")
        text = "".join(str(unicodedata.digit(c, c)) for c in text)
    if "(" in text:
        text = re.sub(r"\([^()]*\)", " ", text)
    return " ".join(text.lower().split())


_LEAD = r"(?:[^\W\d_][^\d+:/]*?[\s,.]\s*)??"
_MONTH = r"(?P<month>[^\W\d_][^\s\d,/+:-]*)"
_DAY_OF_MONTH = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|ª|°)?"
_YEAR = r"(?P<y>\d{4}|\d\d)"
_NOON = {"오전": "am", "上午": "am", "午前": "am", "오후": "pm", "下午": "pm", "午後": "pm"}
_TIME = (
    rf"(?P<noon>{'|'.join(_NOON)})?\s*(?P<h>\d{{1,2}})\s*[:h時时시]\s*(?P<m>\d\d)(?:분|分)?"
    r"(?:\s*:?\s*(?P<s>\d\d)(?:초|秒|[.,]\d{1,9})?)?\s*(?P<half>[ap]\.?\s?m\b\.?)?"
)
_AT = r"at|um|om|à|a las|às|alle|kl\.?|klo|ob|o"
_TAIL = (
    rf"(?:\sг(?:ода|\.)?)?(?:(?:t|\s*,\s*|\s*\.?\s|\s*-\s*|\s(?:{_AT})\s)\s*{_TIME}\s*,?\s*(?P<zone>.*)"
    r"|\.?\s*(?P<name>[a-z]*))"
)


def _named(match: re.Match[str]) -> ReadDate | None:
    month = read_month(match["month"])
    return _moment(match, month, int(match["d"])) if month else None


def _numbered(match: re.Match[str]) -> ReadDate | None:
    return _moment(match, int(match["mo"]), int(match["d"]))


def _slashed(match: re.Match[str]) -> ReadDate | None:
    """Day and month in either order, if only one of the orders is possible (DT-11)."""
    first, second = int(match["a"]), int(match["b"])
    if len(match["y"]) == 2 and second <= 12 and int(match["y"]) <= 31:  # the year may come first
        return None
    if first <= 12 < second:
        return _moment(match, first, second)
    if second <= 12 < first or first == second:
        return _moment(match, second, first)
    return None


def _ordinal(match: re.Match[str]) -> ReadDate | None:
    first = datetime(int(match["y"]), 1, 1, tzinfo=UTC)
    at = first + timedelta(days=int(match["day"]) - 1)
    return ReadDate(at=at, flags=(TZ_GUESSED,)) if at.year == first.year else None


def _week(match: re.Match[str]) -> ReadDate:
    at = datetime.fromisocalendar(int(match["y"]), int(match["week"]), int(match["day"] or 1)).replace(tzinfo=UTC)
    return ReadDate(at=at, flags=(TZ_GUESSED,) if match["day"] else (DAY_GUESSED, TZ_GUESSED))


def _by_elimination(text: str, now: datetime) -> ReadDate | None:
    """Three numbers of two digits, in the one order that gives a day of the past, if only one does (DT-11)."""
    match = _PAIRS.fullmatch(text)
    if match is None:
        return None
    found = {_in_order(match, order, now) for order in _ORDERS[match["sep"]]} - {None}
    return ReadDate(at=found.pop(), flags=(ORDER_GUESSED, TZ_GUESSED)) if len(found) == 1 else None


def _in_order(match: re.Match[str], order: str, now: datetime) -> datetime | None:
    year, month, day = (match[name] for name in order)
    try:
        at = datetime(_year(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return None
    return _plausible(ReadDate(at=at), now).at


def _year(text: str) -> int:
    """Two digits are of the years from 1969 to 2068 (DT-02)."""
    return int(text) + (0 if len(text) > 2 else 1900 if int(text) > 68 else 2000)


def _epoch(match: re.Match[str]) -> ReadDate:
    return ReadDate(at=_EPOCH + timedelta(seconds=int(match["seconds"])))


def _partial(match: re.Match[str]) -> ReadDate:
    at = datetime(_year(match["y"]), int(match["mo"] or 1), 1, tzinfo=UTC)
    return ReadDate(at=at, flags=(DAY_GUESSED, TZ_GUESSED))


def _moment(match: re.Match[str], month: int, day: int) -> ReadDate | None:
    groups = match.groupdict()
    named = groups.get("zone") or groups.get("name") or ("" if match.string.isascii() else _implied(match.string))
    zone = read_zone(named)
    if zone is None:
        return None
    hour, minute, second = _time(groups)
    at = datetime(_year(match["y"]), month, day, tzinfo=zone[0]) + timedelta(hours=hour, minutes=minute, seconds=second)
    return ReadDate(at=at.astimezone(UTC), flags=(TZ_GUESSED,) if zone[1] else ())


def _implied(text: str) -> str:
    return KOREA if _HANGUL.search(text) else ""


def _time(groups: dict[str, str | None]) -> tuple[int, int, int]:
    """Return hour, minute and second; a leap second is the second before (DT-05), 24:00 the next day (DT-04)."""
    hour, minute, second = (int(groups.get(name) or 0) for name in ("h", "m", "s"))
    half = _NOON.get(groups.get("noon") or "") or (groups.get("half") or "").replace(".", "").replace(" ", "")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        raise ValueError("no time of day")
    return hour, minute, min(second, 59)


_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], ReadDate | None]], ...] = tuple(
    (re.compile(shape), read)
    for shape, read in (
        (rf"{_LEAD}{_DAY_OF_MONTH}[\s,.-]*(?:de\s|of\s)?\s*{_MONTH}[\s,.-]*(?:de[l]?\s)?\s*{_YEAR}{_TAIL}", _named),
        (rf"{_LEAD}(?P<y>\d{{4}})(?P<sep>[-/.])\s?(?P<mo>\d{{1,2}})(?P=sep)\s?(?P<d>\d{{1,2}}){_TAIL}", _numbered),
        (rf"{_LEAD}{_MONTH}[\s.,-]*{_DAY_OF_MONTH}[\s,.-]+(?P<y>\d{{4}}){_TAIL}", _named),
        (rf"{_LEAD}{_MONTH}\s{_DAY_OF_MONTH}\s{_TIME}\s*(?P<zone>\D.*?)?(?P<name>)\s(?P<y>\d{{4}})", _named),
        (rf"(?P<y>\d{{4}})[-./\s]+{_MONTH}[-./\s]+{_DAY_OF_MONTH}{_TAIL}", _named),
        (r"(?P<seconds>\d{10})(?:\d{3})?(?:\.\d+)?", _epoch),
        (r"(?P<y>\d{4})(?P<mo>\d\d)(?P<d>\d\d)(?:t?(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d)?(?P<zone>.*))?", _numbered),
        (rf"(?P<y>\d{{4}})\s?[年년]\s?(?P<mo>\d{{1,2}})\s?[月월]\s?(?P<d>\d{{1,2}})\s?[日일]?{_TAIL}", _numbered),
        (rf"{_LEAD}(?P<d>\d{{1,2}})\.\s?(?P<mo>\d{{1,2}})\.\s?(?P<y>\d{{4}}){_TAIL}", _numbered),
        (rf"{_LEAD}(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/{_YEAR}{_TAIL}", _slashed),
        (rf"{_LEAD}(?P<a>\d{{1,2}})-(?P<b>\d{{1,2}})-(?P<y>\d{{4}}){_TAIL}", _slashed),
        (r"(?P<y>\d{4})(?:-(?P<mo>\d\d))?", _partial),
        (r"-(?P<y>\d\d)-?(?P<mo>\d\d)", _partial),
        (r"(?P<y>\d{4})-?(?P<day>\d{3})", _ordinal),
        (r"(?P<y>\d{4})-?w(?P<week>\d\d)(?:-?(?P<day>[1-7]))?", _week),
    )
)
_PAIRS = re.compile(r"(?P<p>\d\d?)(?P<sep>[-.])(?P<q>\d\d?)(?P=sep)(?P<r>\d\d?)")
_ORDERS = {"-": ("pqr", "rqp", "rpq"), ".": ("pqr", "rqp")}  # of year, month, day
