"""What people install: the wheel, and not the checkout."""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.e2e.project import Project
from tests.e2e.site import Answer, item, rss, serving
from tests.e2e.test_site import PATIENCE, listening, opened, until
from tests.e2e.wheel import ROOT, built, installed

NOBODY = 10001  # has no name, no home and no password, as in a container
# One of the same version that does not belong to a user.
PYTHON = shutil.which(f"python3.{sys.version_info.minor}", path="/usr/local/bin:/usr/bin") or ""
STORY = item(
    "https://site.example/a",
    title="Parliament passes the budget",
    body="The parliament in Berlin voted on Tuesday. The finance minister said that inflation and interest rates had"
    " slowed the economy, and the European Commission and the European Central Bank agreed.",
)


def as_nobody() -> list[str] | None:
    """Return what runs a program as a user who is nobody, in an empty environment; None where it cannot be done."""
    if os.getuid() != 0 or not shutil.which("setpriv") or not PYTHON:
        return None
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all", "env", "-i"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build it once."""
    return built(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def program(wheel: Path) -> Iterator[Path]:
    """Install it once, where another user can read it and nobody can write."""
    folder = Path(tempfile.mkdtemp(prefix="aggregator-wheel-"))
    folder.chmod(0o755)
    yield installed(wheel, folder / "env")
    shutil.rmtree(folder)


def test_the_wheel_holds_every_data_file_and_nothing_from_elsewhere(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    data = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "aggregator").rglob("*")
        if path.is_file() and path.suffix not in {".pyc", ".pyo"}
    }
    assert len(data) > 400
    assert data <= names
    rules = {f"aggregator/config/{path.name}" for path in (ROOT / "config").iterdir()}
    assert "aggregator/config/topics.toml" in rules
    assert {name for name in names - data if ".dist-info/" not in name} == rules


def test_the_installed_program_is_that_of_the_wheel(program: Path) -> None:
    words = [str(program.parent / "python"), "-P", "-c", "import aggregator; print(aggregator.__file__)"]
    told = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout
    assert Path(told.strip()).is_relative_to(program.parents[1])


def test_the_installed_program_polls_labels_shows_and_exports(tmp_path: Path, program: Path) -> None:
    """The templates, the style sheet and the vocabularies are found where the checkout is not."""
    with serving() as site:
        site.answers["/feed"] = Answer.feed(rss(STORY))
        project = Project(tmp_path, [site.url("/feed")], command=[str(program)])
        listening(project, "127.0.0.1:0")
        with project.start() as daemon:
            address = opened(tmp_path / "daemon.log", daemon)
            page = until(address, "Parliament passes the budget").text
            style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
            assert "color" in httpx.get(address + style.removeprefix("/"), trust_env=False).text
            assert httpx.get(f"{address}news/parliament-passes-the-budget.md", trust_env=False).text.startswith("---")
            assert "1 quiet" in project.run("status").stdout
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(PATIENCE) == 0
    (record,) = project.records()
    assert record["lang"] == "en"
    assert record["topics"]
    assert "European Central Bank" in record["entities"]


@pytest.mark.skipif(as_nobody() is None, reason="needs root, setpriv (util-linux), and a Python that others may run")
def test_a_user_without_name_or_home_needs_to_write_to_the_store_only(program: Path) -> None:
    """As in the image: nothing of what is installed can be written, and nothing else is."""
    state = program.parents[2] / "state"
    (site_packages,) = program.parents[1].glob("lib/python3*/site-packages")
    modules = f"{site_packages}:{sysconfig.get_path('purelib')}"
    state.mkdir()
    os.chown(state, NOBODY, NOBODY)
    before = {path: path.stat().st_mtime_ns for path in program.parents[1].rglob("*")}
    with serving() as site:
        site.answers["/feed"] = Answer.feed(rss(STORY))
        config = program.parents[2] / "config"
        config.mkdir()
        command = [*(as_nobody() or ()), f"PYTHONPATH={modules}", f"TMPDIR={state}", PYTHON, "-P", "-m", "aggregator"]
        project = Project(config, [site.url("/feed")], command=command)
        project.config.write_text(project.config.read_text().replace("sqlite:///", f"sqlite:///{state}/"))
        listening(project, "127.0.0.1:0")
        with project.start() as daemon:
            until(opened(config / "daemon.log", daemon), "Parliament passes the budget")
            assert project.run("status").stdout.startswith("All is well")
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(PATIENCE) == 0
    assert (state / "store.sqlite").stat().st_uid == NOBODY
    assert {path: path.stat().st_mtime_ns for path in program.parents[1].rglob("*")} == before


@pytest.mark.soak
def test_the_installed_program_passes_the_end_to_end_tests(program: Path) -> None:
    """All that are no soak, each command of which is the installed one."""
    words = ["-m", "pytest", "-q", "-m", "not soak", "tests/e2e", "--deselect", "tests/e2e/test_wheel.py"]
    environ = {**os.environ, "AGGREGATOR_PROGRAM": str(program)}
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=3600, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
