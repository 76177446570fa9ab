"""The dates of other programs' tests, and odd ones of real feeds: right, or none, and never wrong."""

import json
from calendar import timegm
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from aggregator.parse.dates import DAY_GUESSED, ORDER_GUESSED, TZ_GUESSED, read_date
from tests.parse.build import CORPUS, NOW

DATES = CORPUS / "dates"
LEAST = 0.95
_GUESSES = {TZ_GUESSED, DAY_GUESSED, ORDER_GUESSED}

pytestmark = pytest.mark.skipif(not DATES.is_dir(), reason="the test corpus is not beside this checkout")


def _lines(name: str) -> list[Any]:
    return [json.loads(line) for line in (DATES / name).read_text("utf-8").splitlines()]


def _expectations() -> dict[str, datetime | None]:
    """Every date that says which moment it is, or that it is none."""
    structs = {vector["input"]: vector["expected_utc_struct"] for vector in _lines("feedparser-dates.jsonl")}
    texts = {vector["input"]: vector["expected_utc"] for vector in _lines("gofeed-dates.jsonl")}
    exact = [vector for vector in _lines("miniflux-dates.jsonl") if "expected_unix" in vector]
    stamps = {vector["input"]: vector["expected_unix"] for vector in exact}
    valid = [vector["input"] for vector in _lines("feedvalidator-rfc822.jsonl") if vector["valid"]]
    return {
        **{raw: datetime.fromtimestamp(timegm(parts), UTC) if parts else None for raw, parts in structs.items()},
        **{raw: _aware(datetime.fromisoformat(text)) for raw, text in texts.items()},
        **{raw: datetime.fromtimestamp(stamp, UTC) for raw, stamp in stamps.items()},
        **{raw: _aware(parsedate_to_datetime(raw)) for raw in valid},  # by the book: another reader of it agrees
    }


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def test_nearly_all_are_read_and_none_is_wrong() -> None:
    """DT-02…22: at least 95 %, and 0 that are wrong where none would be right."""
    answers = [(raw, expected, read_date(raw, now=NOW).at) for raw, expected in _expectations().items()]
    assert [answer for answer in answers if answer[2] is not None and answer[2] != answer[1]] == []
    assert sum(at == expected for _, expected, at in answers) / len(answers) >= LEAST


def test_what_others_can_read_is_read() -> None:
    """DT-12, DT-13, DT-18: an offset that no place has is none (DT-17)."""
    vectors = _lines("miniflux-dates.jsonl")
    read = [read_date(vector["input"], now=NOW) for vector in vectors]
    assert sum(date.at is not None for date in read) / len(read) >= LEAST


def test_odd_dates_of_real_feeds_are_read_as_written_or_not_at_all() -> None:
    """DT-11, DT-13, DT-18, DT-20, DT-22: against feedparser, whose mistakes are known by their shape."""
    vectors = _lines("real-world-shapes.jsonl")
    wrong = []
    unread = 0
    for vector in vectors:
        ours, theirs = read_date(vector["raw"], now=NOW), vector["feedparser_utc"]
        unread += ours.at is None
        # Where both see a date, they may differ only by a guess that we flag.
        if (
            ours.at
            and theirs
            and ours.at != datetime.fromtimestamp(timegm(theirs), UTC)
            and not _GUESSES & set(ours.flags)
        ):
            wrong.append((vector["raw"], ours.at, theirs))
        if ours.at and ours.at > NOW + timedelta(days=1):
            wrong.append((vector["raw"], ours.at, theirs))
    assert wrong == []
    assert 1 - unread / len(vectors) >= 0.9  # the rest has no year, or day and month in no known order
