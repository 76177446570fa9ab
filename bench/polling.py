"""``make bench``: cold polling of generated feeds, beside `reader` in the same run.

Run as ``python -m bench.polling [--feeds N] [--rounds N]``.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measure import Cost, measure
from bench.server import addresses

_PEER = Path(__file__).parent / ".peer"
_PEER_PACKAGES = ("reader==3.26", "sgmllib3k==1.0.0")
CONFIG = """
[store]
url = "sqlite:///bench.sqlite"
[fetch]
allow_networks = ["127.0.0.0/8"]
host_delay = "0s"
[enrich]
enabled = ["language"]
"""


def main() -> None:
    """Measure both, in turn, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--feeds", type=int, default=1000)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    peer = _peer()
    ours: list[Cost] = []
    theirs: list[Cost] = []
    with serving(options.feeds) as urls:
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds} …", file=sys.stderr, flush=True)
            ours.append(_poll_ours(urls))
            theirs.append(_poll_peer(peer, urls))
    print(f"cold poll of {options.feeds} feeds of 25 entries, median of {options.rounds} rounds")
    print(f"{'':24}{'feeds/s':>10}{'wall s':>10}{'CPU s':>10}{'peak MB':>10}")
    for name, costs in (("aggregator", ours), ("reader 3.26", theirs)):
        print(f"{name:24}{options.feeds / _median(costs, 'wall'):>10.1f}", end="")
        print("".join(f"{_median(costs, figure):>10.1f}" for figure in ("wall", "cpu", "peak_mb")))
    for figure in ("wall", "cpu", "peak_mb"):
        ratios = [getattr(b, figure) / getattr(a, figure) for a, b in zip(ours, theirs, strict=True)]
        print(f"reader / aggregator, {figure}: {statistics.median(ratios):.2f}")


def _median(costs: list[Cost], figure: str) -> float:
    return float(statistics.median(getattr(cost, figure) for cost in costs))


def _poll_ours(urls: list[str]) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "aggregator.toml"
        config.write_text(CONFIG + "".join(f'[[feeds]]\nurl = "{url}"\n' for url in urls))
        cost = measure([sys.executable, "-m", "aggregator", "poll", "-c", str(config)])
        lines = subprocess.run(
            [sys.executable, "-m", "aggregator", "export", "-c", str(config)], check=True, capture_output=True
        ).stdout
        assert len(lines.splitlines()) == 25 * len(urls), "records are missing"
        return cost


def _poll_peer(python: Path, urls: list[str]) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "urls"
        listed.write_text("\n".join(urls))
        script = Path(__file__).parent / "peer_reader.py"
        cost = measure([str(python), str(script), str(Path(folder) / "reader.sqlite"), str(listed)])
        assert int(cost.output) == 25 * len(urls), f"the peer has {cost.output} entries"
        return cost


def _peer() -> Path:
    """Return the peer's Python, in an environment of its own, made at the first run."""
    python = _PEER / "bin" / "python"
    if not python.exists():
        venv.create(_PEER, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *_PEER_PACKAGES], check=True)
    return python


@contextmanager
def serving(feeds: int, round_: int = 0, delay_ms: int = 0) -> Iterator[list[str]]:
    """Serve generated feeds from a process of its own; yield their URLs."""
    command = [sys.executable, "-m", "bench.server", *map(str, (feeds, round_, delay_ms))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        yield addresses(feeds, int(server.stdout.readline()))
        server.stdin.close()


if __name__ == "__main__":
    main()
