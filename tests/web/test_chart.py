"""Drawings of days, and how things are said."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.store.browsing import Day
from aggregator.web.chart import charts
from aggregator.web.wording import cut, lasting, topic

TODAY = date(2026, 6, 24)
DAYS = st.builds(
    Day,
    day=st.integers(0, 40).map(lambda back: TODAY - timedelta(days=back)),
    new=st.integers(1, 10**6),
    delay=st.none() | st.timedeltas(timedelta(), timedelta(days=4000)),
)


def test_bars_are_as_high_as_what_they_stand_for() -> None:
    days = [
        Day(day=TODAY, new=12, delay=timedelta(hours=2)),
        Day(day=TODAY - timedelta(days=2), new=3, delay=None),
        Day(day=TODAY - timedelta(days=3), new=99, delay=None),
    ]
    counts, delays = charts(days, TODAY, last=3)
    assert counts.path == "M0 24v-6h4v6M10 24v-24h4v24"
    assert (counts.caption, counts.description) == ("15 new in 3 days", "From 2026-06-22 on: 3, –, 12")
    assert delays.path == "M10 24v-24h4v24"
    assert (delays.caption, delays.description) == ("2 h delay", "From 2026-06-22 on: –, –, 2 h")


@given(st.lists(DAYS, max_size=20, unique_by=lambda day: day.day))
def test_whatever_was_found_is_drawn_within_the_drawing(days: list[Day]) -> None:
    for chart in charts(days, TODAY, last=14):
        bars = [part.partition(" 24v-") for part in chart.path.split("M")[1:]]
        assert all(0 <= int(x) <= chart.width - 4 for x, _, _ in bars)
        assert all(0 < float(rest.partition("h")[0]) <= chart.height for _, _, rest in bars)


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(seconds=1), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(minutes=89), "1 h"),
        (timedelta(hours=35), "35 h"),
        (timedelta(hours=36), "2 days"),
    ],
)
def test_durations_are_said_in_the_one_unit_that_fits(duration: timedelta, said: str) -> None:
    assert lasting(duration) == said


def test_texts_are_cut_between_words_and_ideographs_are_wide() -> None:
    assert cut("a few words", 11) == "a few words"
    assert cut("a few words more", 12) == "a few words…"
    assert cut("港口渡轮星期一", 14) == "港口渡轮星期一"
    assert cut("港口渡轮星期一", 7) == "港口渡…"


def test_slugs_of_topics_are_words_for_people_and_other_names_stay() -> None:
    topics = ("software-development", "ai-agents", "film-tv", "a/b", "Élan", "")
    assert [topic(each) for each in topics] == ["Software development", "AI agents", "Film TV", "a/b", "Élan", ""]


@given(st.text(), st.integers(1, 40))
def test_what_is_cut_begins_as_it_did(text: str, columns: int) -> None:
    found = cut(text, columns)
    assert found == text or (text.startswith(found.removesuffix("…")) and len(found) <= columns + 1)
