"""What people are told of a feed's rhythm, and of what the schedule promises."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from aggregator.cli.promises import promised
from aggregator.cli.rhythm import rhythm_lines
from aggregator.model import FeedConfig, Rhythm
from aggregator.schedule.habits import begun
from aggregator.schedule.next_poll import next_poll
from aggregator.settings.models import ScheduleSettings
from tests.schedule.making import POLICY, a_feed
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
URL = "https://one.example/feed"


def test_the_heat_map_is_darkest_when_the_feed_publishes() -> None:
    nine = NOW.replace(hour=9, minute=0) - 40 * DAY
    habit = begun([nine + day * DAY + place * MINUTE for day in range(40) for place in range(2)], NOW - DAY)
    head, hours, *days, tail = rhythm_lines(a_feed(rhythm=Rhythm(habit=habit), next_poll_at=NOW))
    assert "entries a day" in head
    assert hours.index("6") - hours.index("0") == 6
    assert len(days) == 7
    assert all(day.index("#" if "#" in day else "@" if "@" in day else "*") - hours.index("0") == 9 for day in days)
    assert "09:" in tail


def test_a_feed_that_is_not_known_has_no_heat_map() -> None:
    (line,) = rhythm_lines(a_feed())
    assert "week        not drawn yet" in line
    assert "rhythm" not in line


def test_a_wait_without_a_rhythm_does_not_speak_of_one() -> None:
    """What decided, and what is drawn below it, say the same."""
    known = replace(a_feed(), last_poll_at=NOW, last_ok_at=NOW)
    waits = [Rhythm(pace=DAY), Rhythm(pace=DAY, newest_at=NOW), Rhythm(pace=DAY, gap=3 * HOUR, price=2.0)]
    rules = [next_poll(replace(known, rhythm=rhythm), POLICY).rules for rhythm in waits]
    told = [next(rule.why for rule in each if rule.name == "rhythm") for each in rules]
    assert told == [
        "it has had no entry: too little to tell its rhythm by",
        f"entries without dates, the newest of {NOW:%Y-%m-%d %H:%M} UTC, which is too little to tell its rhythm by",
        "an entry every 3 h; a request is worth 120 entry-minutes of waiting",
    ]


def test_promises_are_judged_by_what_was_polled(tmp_path: Path) -> None:
    """Entries of before the first poll are nobody's fault, and say nothing of freshness."""
    schedule = ScheduleSettings(budget="2/h", freshness={"news": 10 * MINUTE, "slow": MINUTE, "none": HOUR})
    with a_store(tmp_path, URL) as store:
        with store.work() as work:
            work.feeds.sync([FeedConfig(url=URL, tags=("news", "slow"))], NOW)
        old, fresh = (replace(a_draft(f"x.example/{n}"), published_at=NOW + n * HOUR) for n in (-2, 1))
        poll(store, URL, a_digest(old), NOW)
        poll(store, URL, a_digest(fresh), NOW + HOUR + 4 * MINUTE)
        with store.read() as work:
            lines = [*promised(work, schedule, NOW + HOUR + 5 * MINUTE)]
            assert [*promised(work, ScheduleSettings(), NOW)] == []
    assert lines[0].startswith("budget      kept: 1 of 2 requests in the last hour")
    assert "news: met: 4m on average over 1 entry of the last 24 h, target 10m" in lines[1]
    assert "slow: missed: 4m on average" in lines[2]
    assert "[schedule] min is 1h: that alone" in lines[2]
    assert "nothing to judge by" in lines[3]
