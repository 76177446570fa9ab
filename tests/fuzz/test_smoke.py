"""A short run of every fuzz target, the same cases every time; the long ones are by hand (CONTRIBUTING)."""

import pytest
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS
from tests.fuzz.trial import EscapeError, Target, run_round


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
def test_no_case_escapes(target: Target) -> None:
    """UR-38, DT-25, HX-11, XM-27."""
    assert run_round(target, seed=1, cases=200) >= 100


@pytest.mark.parametrize("check", ["raise", "hang"])
def test_an_escape_is_found(check: str) -> None:
    """An exception is one, and so is what takes too long, whatever it catches."""

    def escape(case: int) -> None:
        while check == "hang" and case > 1000:
            pass
        assert case <= 1000

    target = Target(name="broken", cases=st.integers(0, 10_000), check=escape, seconds=0.05)
    with pytest.raises(EscapeError, match="broken, seed 7"):
        run_round(target, seed=7, cases=200)
