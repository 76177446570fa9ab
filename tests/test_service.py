"""The unit that is shipped for systemd."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[1] / "config/aggregator.service"


def test_the_unit_tells_systemd_when_it_is_ready_and_is_watched() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNIT)
    service = unit["Service"]
    assert (service["Type"], service["WatchdogSec"]) == ("notify", "60")
    assert set(service["RestartPreventExitStatus"].split()) == {"75", "78"}
    assert " run -c " in service["ExecStart"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze (Debian: systemd)")
def test_the_service_is_open_to_little() -> None:
    """``systemd-analyze security``: 10 is unprotected; what is left is the network, which it is for."""
    words = ["systemd-analyze", "security", "--no-pager", "--offline=yes", str(UNIT)]
    told = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False).stdout
    (exposure,) = re.findall(r"Overall exposure level for aggregator.service: ([\d.]+)", told)
    assert float(exposure) <= 1.5
