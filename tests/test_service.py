"""The unit that is shipped for systemd."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[1] / "config/aggregator.service"
PAGE = Path(__file__).parents[1] / "docs/how-to/supervisors.md"


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


def listings() -> dict[str, str]:
    """Return the files that the page on other supervisors shows, by their paths."""
    shown = r"^`(/etc/[^`]+)`[^\n]*\n\n```(?:sh|ini)\n(.*?)```"
    return dict(re.findall(shown, PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE))


def test_the_files_for_other_supervisors_are_sound() -> None:
    """Each was started by its supervisor by hand; here a shell reads each script."""
    files = listings()
    scripts = {path: text for path, text in files.items() if text.startswith("#!")}
    assert len(scripts) == 7
    for path, text in scripts.items():
        read = subprocess.run(["sh", "-n"], input=text, capture_output=True, text=True, timeout=60, check=False)
        assert (read.returncode, read.stderr) == (0, ""), path
    program = configparser.RawConfigParser()
    program.read_string(files["/etc/supervisor/conf.d/aggregator.conf"])
    assert set(program["program:aggregator"]["exitcodes"].split(",")) == {"0", "75", "78"}


def test_every_supervisor_runs_the_same_command() -> None:
    """The one of the unit, whose exit statuses and time to stop it is told too."""
    unit = configparser.RawConfigParser(strict=False)
    unit.read(UNIT)
    program, *words = unit["Service"]["ExecStart"].split()
    runs = [text for path, text in listings().items() if not path.endswith(("finish", "log/run"))]
    assert len(runs) == 4
    assert all(program in text and " ".join(words) in text for text in runs)
