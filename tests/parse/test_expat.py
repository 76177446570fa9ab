"""Which weaknesses the installed expat has."""

import pytest

from aggregator.parse.expat import expat_findings


@pytest.mark.parametrize(
    ("version", "named"), [("2.2.0", 4), ("2.5.0", 3), ("2.6.0", 2), ("2.6.2", 1), ("2.7.1", 1), ("2.7.2", 0)]
)
def test_weaknesses_of_expat_are_named(version: str, named: int) -> None:
    """XM-12: as a warning, since worker processes are bounded."""
    first, second, third = map(int, version.split("."))
    found = list(expat_findings((first, second, third)))
    assert len(found) == bool(named)
    assert sum(finding.message.count("CVE") + finding.message.count("no limit on") for finding in found) == named
