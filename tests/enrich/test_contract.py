"""Our own enrichers, held to what is asked of an operator's."""

import subprocess
import sys

import pytest

from aggregator.enrich.contract import ours, trials
from aggregator.settings.checks import ENRICHERS

_CUT_OFF = """
import os, sys
sys.addaudithook(lambda event, _: os._exit(9) if event.startswith("socket.") else None)
from aggregator.enrich.contract import ours, trials
from aggregator.settings.checks import ENRICHERS
found = [trial.problem for name in ENRICHERS for trial in trials(ours(name, None, ()))]
print(len(found), sum(problem is not None for problem in found))
"""


@pytest.mark.parametrize("name", ENRICHERS)
def test_ours_live_with_every_text(name: str) -> None:
    """Empty, huge, right to left, Chinese, emoji, hostile: the same twice, in time, and fit to be written."""
    assert [(trial.sample, trial.problem) for trial in trials(ours(name, None, ())) if trial.problem] == []


def test_enriching_needs_no_network() -> None:
    """A process that dies when it makes a socket or asks for a name, and finds everything all the same."""
    done = subprocess.run([sys.executable, "-c", _CUT_OFF], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == ["60", "0"]
