"""The checks of a simulation fail where they should."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.settings import Settings
from aggregator.store.contract import FeedStatus
from tests.soak.casting import cast
from tests.soak.page import HOUR, START
from tests.soak.referee import Referee
from tests.soak.simulation import is_forgiven, simulate
from tests.soak.timetable import Timetable
from tests.soak.truth import miscalled

SECOND = timedelta(seconds=1)


def a_referee() -> Referee:
    return Referee(floor=HOUR, spacing=2 * SECOND, places=1)


def rules(referee: Referee) -> list[str]:
    """Return which rules were broken."""
    return [fault.partition(":")[0] for fault in referee.faults]


@pytest.mark.parametrize(
    ("url", "after", "broken"),
    [
        ("a", HOUR, []),
        ("a", HOUR - SECOND, ["early"]),
        ("b", 2 * SECOND, []),
        ("b", 1.9 * SECOND, ["spacing"]),
        ("a", SECOND, ["spacing", "early"]),
    ],
)
def test_what_comes_too_soon_is_seen(url: str, after: timedelta, broken: list[str]) -> None:
    """SC-01, SC-25."""
    referee = a_referee()
    referee.arrives("site", "a", START)
    referee.leaves("site")
    referee.arrives("site", url, START + after)
    assert rules(referee) == broken


def test_two_at_once_are_seen() -> None:
    """HX-21: but one that a redirect sent has its place elsewhere."""
    referee = a_referee()
    referee.arrives("site", "a", START)
    referee.arrives("site", "b", START + HOUR, redirected="other")
    assert rules(referee) == []
    referee.arrives("site", "c", START + 2 * HOUR)
    assert rules(referee) == ["places"]


def test_what_was_asked_for_has_to_be_kept() -> None:
    """SC-06, ST-01, SC-20: the feed's wait, the site's, and the hours that the feed skips."""
    referee = a_referee()
    referee.arrives("site", "a", START)
    referee.leaves("site")
    referee.answered("site", "a", START, asks=5 * HOUR, pause=3 * HOUR)
    referee.arrives("site", "b", START + 2 * HOUR)
    assert rules(referee) == ["retry-after"]
    referee.arrives("other", "a", START + 4 * HOUR)
    assert rules(referee) == ["retry-after", "early"]
    referee.skipped("a", datetime.fromisoformat("2026-06-24 05:30+00:00"), {5})
    assert rules(referee) == ["retry-after", "early", "skipped hour"]


def test_a_program_that_asks_too_much_is_caught(tmp_path: Path) -> None:
    """SC-01, HX-21: its own audit, which goes by its own settings, finds nothing."""
    greedy = Settings.model_validate(
        {"fetch": {"host_delay": "1s", "per_host": 4}, "schedule": {"min": "30m", "default": "30m"}}
    )
    outcome = simulate(cast(feeds=60, sites=2, time=8 * HOUR, seed=2), tmp_path, settings=greedy, referee=a_referee())
    assert {"early", "spacing", "places"} <= set(rules(outcome.referee))
    assert sum(line.violations for line in outcome.audit) == 0


def test_a_program_that_does_nothing_is_caught() -> None:
    """SC-24: every feed has stalled, and those that recovered are not called well."""
    play = cast(feeds=60, sites=2, time=100 * HOUR, seed=2)
    timetable = Timetable(cast=play, closed={})
    timetable.close(play.ends)
    assert len(timetable.stalls) == 60
    assert any(miscalled(play, [a_status(page.url) for page in play.pages]))


def test_a_failure_that_stays_is_caught() -> None:
    """ST-39: a count, a wait or a state."""
    well = a_status("a")
    assert is_forgiven(well, well, START + HOUR)
    assert not is_forgiven(well, a_status("a", failures=1.0), START + HOUR)
    assert not is_forgiven(well, a_status("a", next_poll_at=START + 2 * HOUR), START + HOUR)
    assert not is_forgiven(well, a_status("a", state="failing"), START + HOUR)


def a_status(url: str, **changes: object) -> FeedStatus:
    fields: dict[str, object] = {
        "url": url,
        "name": None,
        "active": True,
        "state": "new",
        "reason": None,
        "last_poll_at": None,
        "last_ok_at": None,
        "next_poll_at": START + HOUR,
        "retry_after_at": None,
        "failures": 0.0,
        "records": 0,
    }
    return FeedStatus(**{**fields, **changes})  # type: ignore[arg-type]
