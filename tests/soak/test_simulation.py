"""Polling for days on end: polite, punctual, and forgiving of what is our own fault."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from aggregator.cli.audit import table
from tests.soak.casting import cast
from tests.soak.simulation import Outcome, simulate
from tests.soak.truth import miscalled

_DAY = timedelta(days=1)
_MEMORY = Path("/dev/shm")  # a disk that is slow to sync would cost half the time


def check(outcome: Outcome) -> None:
    """Nobody was polled early, no site was asked too much, no feed has stalled, and every outage is forgiven."""
    assert outcome.referee.faults == []
    assert outcome.timetable.stalls == []
    assert outcome.unforgiven == []
    assert list(miscalled(outcome.cast, outcome.statuses)) == []
    assert blamed_for_outages(outcome) == []
    assert sum(line.violations for line in outcome.audit) == 0
    assert sum(line.requests for line in outcome.audit) == outcome.timetable.polls


def blamed_for_outages(outcome: Outcome) -> list[str]:
    """Return the lines of the change log that tell of feeds which nobody could reach, and which were well."""
    return [
        f"{url} at {at}"
        for at, url in outcome.health
        if outcome.cast.outage(at) is not None and not outcome.cast.spells[url]
    ]


def test_a_day_of_polling_is_polite_punctual_and_forgiving(tmp_path: Path) -> None:
    """SC-01, SC-03, SC-06, SC-20, SC-24, SC-25, ST-01, ST-22, ST-39, HX-21: every kind of trouble, four outages."""
    check(simulate(cast(feeds=70, sites=7, time=_DAY, seed=1), tmp_path, runs=2))


@pytest.mark.soak
def test_ten_days_of_two_thousand_feeds_are_polite_punctual_and_forgiving(capsys: pytest.CaptureFixture[str]) -> None:
    """SC-01, SC-24, SC-25, ST-39, HX-21: the same on sixty sites; it prints what `aggregator audit` prints."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None) as folder:
        outcome = simulate(cast(feeds=2000, sites=60, time=10 * _DAY, seed=1), Path(folder), runs=3)
    with capsys.disabled():
        console = Console(width=120, highlight=False, markup=False)
        console.print("\n", table(outcome.audit), summary(outcome), sep="\n")
    check(outcome)


def summary(outcome: Outcome) -> str:
    """Return the sums below the table."""
    requests = sum(line.requests for line in outcome.audit)
    unchanged = sum(line.unchanged for line in outcome.audit)
    saved = sum(line.saved_bytes for line in outcome.audit)
    violations = sum(line.violations for line in outcome.audit)
    return (
        f"{requests} polls ({outcome.referee.requests} requests), {unchanged / requests:.0%} not modified,"
        f" {saved:,} bytes saved, {violations} violations; seen by servers: {len(outcome.referee.faults)};"
        f" stalled: {len(outcome.timetable.stalls)}; not forgiven: {len(outcome.unforgiven)};"
        f" latest after it was due: {outcome.timetable.worst}"
    )
