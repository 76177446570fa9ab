"""Every behaviour case is named by a test, or excused in writing."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
CASES = {
    "CR": 29,
    "SC": 38,
    "ST": 40,
    "HT": 20,
    "WS": 22,
    "PG": 5,
    "XM": 29,
    "XS": 28,
    "HX": 22,
    "SS": 20,
    "OI": 17,
    "OP": 9,
    "AP": 18,
}
CASES |= {"ID": 24, "UR": 40, "DT": 32, "DD": 16, "SQ": 30, "SU": 20}
_ID = re.compile(r"\b([A-Z]{2})-(\d\d)(?:(?:…|\.\.)(\d\d))?")


def ids(text: str) -> set[str]:
    """Return the cases that a text names; ``CR-02…04`` names three."""
    found = set()
    for section, first, last in _ID.findall(text):
        found |= {f"{section}-{number:02}" for number in range(int(first), int(last or first) + 1)}
    return found


def test_every_case_is_named_or_excused() -> None:
    """And what is excused has a reason, and is not tested after all."""
    everything = {f"{section}-{number:02}" for section, count in CASES.items() for number in range(1, count + 1)}
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    named = set().union(*(ids(path.read_text()) for path in tests)) & everything
    rows = re.findall(
        r"^\| ([A-Z]{2}-\d\d) \| (.+) \|$", (ROOT / "docs/reference/behaviour.md").read_text(), re.MULTILINE
    )
    excused = {case for case, reason in rows if len(reason) > 10}
    assert named | excused == everything
    assert named & excused == set()
