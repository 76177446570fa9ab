"""The image and the compose file, as far as they can be tried without an engine."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
BUILD, FINAL = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]


def copied(stage: str) -> Iterator[str]:
    """Yield what a stage copies from the checkout."""
    for words in re.findall(r"^COPY (?!--from)(.*)$", stage, re.MULTILINE):
        yield from words.split()[:-1]


def test_what_the_first_stage_copies_is_enough_to_build_the_wheel(tmp_path: Path) -> None:
    """And all of it gets past .dockerignore."""
    allowed = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    for name in copied(BUILD):
        assert name in allowed
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert len(list((tmp_path / "dist").glob("aggregator-*.whl"))) == 1


def test_what_runs_is_nobody_and_was_built_elsewhere() -> None:
    assert "RUN" not in re.findall(r"^([A-Z]+) ", FINAL, re.MULTILINE)
    assert all((ROOT / name).is_file() for name in copied(FINAL))
    assert "\nUSER 10001:10001\n" in FINAL
    assert re.search(r'^HEALTHCHECK .*"/opt/aggregator/bin/aggregator", "healthcheck"\]$', FINAL, re.MULTILINE)


@pytest.fixture
def service() -> dict[str, Any]:
    """Return the service of the compose file."""
    (found,) = yaml.safe_load((ROOT / "compose.yml").read_text())["services"].values()
    assert isinstance(found, dict)
    return found


def test_a_composed_service_may_write_to_its_volume_only(service: dict[str, Any]) -> None:
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    (volume,) = re.findall(r"^VOLUME (.*)$", FINAL, re.MULTILINE)
    writable = [place.split(":")[1] for place in service["volumes"] if not place.endswith(":ro")]
    assert writable == [volume]
    assert all(place.startswith("127.0.0.1:") for place in service["ports"])
    assert service["healthcheck"]["test"][1:] == ["/opt/aggregator/bin/aggregator", "healthcheck"]
