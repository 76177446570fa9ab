"""The peers: `reader` in an environment of its own; sfeed (C) and newsboat (C++) where they are installed."""

import os
import shutil
import subprocess
import venv
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.measure import Cost, measure

_READER = Path(__file__).parent / ".peer"
_READER_PACKAGES = ("reader==3.26", "sgmllib3k==1.0.0")


def reader(store: Path, urls: list[str]) -> list[str]:
    """Return the command that polls in rounds; its environment is made at the first run."""
    python = _READER / "bin" / "python"
    if not python.exists():
        venv.create(_READER, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *_READER_PACKAGES], check=True)
    listed = store.with_suffix(".urls")
    listed.write_text("\n".join(urls))
    return [str(python), str(Path(__file__).parent / "peer_reader.py"), str(store), str(listed)]


def _sfeed(folder: Path, urls: list[str]) -> Cost:
    (folder / "sfeed").mkdir()
    config = folder / "sfeedrc"
    feeds = "".join(f"feed 'feed{number}' '{url}'\n" for number, url in enumerate(urls))
    config.write_text(f"sfeedpath='{folder}/sfeed'\nmaxjobs=16\nfeeds() {{\n{feeds}}}\n")
    cost = measure(["sfeed_update", str(config)])
    assert len(list((folder / "sfeed").iterdir())) == len(urls)
    return cost


def _newsboat(folder: Path, urls: list[str]) -> Cost:
    home = folder / "newsboat"
    home.mkdir()
    (home / "urls").write_text("\n".join(urls) + "\n")
    (home / "config").write_text("reload-threads 4\n")
    options = ["-u", str(home / "urls"), "-c", str(home / "cache.db"), "-C", str(home / "config"), "-x", "reload"]
    return measure(["newsboat", *options], HOME=os.fspath(home))


# Each polls once, cold, with the number of jobs that is its best on two cores.
_KNOWN: Mapping[str, tuple[str, Callable[[Path, list[str]], Cost]]] = {
    "sfeed": ("sfeed_update", _sfeed),
    "newsboat": ("newsboat", _newsboat),
}
INSTALLED = {name: poll for name, (program, poll) in _KNOWN.items() if shutil.which(program)}
GOALS = {"sfeed": 2, "newsboat": 4}
