"""``make bench``: polling generated feeds, beside `reader` in the same run, and beside C and C++ where installed.

Run as ``python -m bench.polling [--feeds N] [--rounds N] [--enrich all]``. Both programs run already and
poll on demand: their start is not in the figures. CPU seconds are those of all their processes, without the server's.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench import peers
from bench.corpus import ENTRIES
from bench.measure import Cost, Rounds
from bench.server import addresses

# What is served, round of the documents and whether with an ETag; and what reader may take at least, times ours.
_SCENARIOS = (
    ("cold", "0 1", 8),
    ("not modified (304)", "0 1", 3),
    ("unchanged, no validators", "0 0", 50),
    ("one new entry a feed", "1 1", 25),
)
_AT_MOST = {"store MB": 0.7, "peak MB": 4}
_ENRICHERS = {"language": '["language"]', "all": '["language", "summary", "topics", "entities"]'}
CONFIG = """
[store]
url = "sqlite:///bench.sqlite"
[fetch]
allow_networks = ["127.0.0.0/8"]
host_delay = "0s"
[enrich]
enabled = ["language"]
"""

Costs = dict[str, list[Cost]]


def main() -> None:
    """Measure all in turn and print the tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--feeds", type=int, default=1000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--enrich", choices=_ENRICHERS, default="language")
    options = arguments.parse_args()
    ours: Costs = defaultdict(list)
    theirs: Costs = defaultdict(list)
    others: Costs = defaultdict(list)
    sizes: dict[str, list[float]] = defaultdict(list)
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds} …", file=sys.stderr, flush=True)
        with serving(options.feeds) as server, tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "aggregator.toml"
            config.write_text(CONFIG.replace('["language"]', _ENRICHERS[options.enrich]) + feed_tables(server.urls))
            command = [sys.executable, "-m", "bench.rounds", str(config)]
            _measure(server, command, ours, sizes, Path(folder) / "bench.sqlite")
            store = Path(folder) / "reader.sqlite"
            _measure(server, peers.reader(store, server.urls), theirs, sizes, store)
            for name, poll in peers.INSTALLED.items():
                server.serve("0 1")
                others[name].append(poll(Path(folder), server.urls))
    _print(options.feeds, ours, theirs, others, sizes)


class Server:
    """The server of the feeds, in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]", feeds: int) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._input, self._output = process.stdin, process.stdout
        self.urls = addresses(feeds, int(self._output.readline()))

    def serve(self, what: str) -> None:
        """Serve the documents of a round: "1 0" is the second, without ETags."""
        self._input.write(f"{what}\n")
        self._input.flush()
        assert self._output.readline() == "serving\n"


@contextmanager
def serving(feeds: int, delay_ms: int = 0) -> Iterator[Server]:
    """Serve generated feeds from a process of its own."""
    command = [sys.executable, "-m", "bench.server", str(feeds), str(delay_ms)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Server(process, feeds)
        assert process.stdin is not None
        process.stdin.close()


def feed_tables(urls: list[str]) -> str:
    """Return the feeds as a configuration has them."""
    return "".join(f'[[feeds]]\nurl = "{url}"\n' for url in urls)


def _measure(server: Server, command: list[str], costs: Costs, sizes: dict[str, list[float]], store: Path) -> None:
    feeds = len(server.urls)
    with Rounds(command) as program:
        for name, served, _ in _SCENARIOS:
            server.serve(served)
            cost = program.round()
            expected = feeds * (ENTRIES + 1) if name.startswith("one new") else feeds * ENTRIES
            assert int(cost.output) == expected, f"{command}: {cost.output} entries after: {name}"
            costs[name].append(cost)
            if name == "cold":
                sizes[store.name].append(
                    sum(file.stat().st_size for file in store.parent.glob(f"{store.name}*")) / 2**20
                )


def _print(feeds: int, ours: Costs, theirs: Costs, others: Costs, sizes: Mapping[str, list[float]]) -> None:
    print(f"{feeds} feeds of {ENTRIES} entries, median of {len(ours['cold'])} rounds")
    print(f"{'':28}{'aggregator':>20}{'reader 3.26':>20}{'reader / aggregator':>26}")
    print(f"{'':28}{'wall s':>10}{'CPU s':>10}{'wall s':>10}{'CPU s':>10}{'wall':>10}{'CPU':>8}{'goal':>8}")
    for name, _, goal in _SCENARIOS:
        a, b = ours[name], theirs[name]
        walls, cpus = _ratio(a, b, "wall"), _ratio(a, b, "cpu")
        print(f"{name:28}{_median(a, 'wall'):>10.2f}{_median(a, 'cpu'):>10.2f}", end="")
        print(f"{_median(b, 'wall'):>10.2f}{_median(b, 'cpu'):>10.2f}{walls:>10.1f}{cpus:>8.1f}{f'>= {goal}':>8}")
    for name, a_all, b_all in (
        ("store MB", sizes["bench.sqlite"], sizes["reader.sqlite"]),
        ("peak MB", [each.peak_mb for each in ours["cold"]], [each.peak_mb for each in theirs["cold"]]),
    ):
        mine, other = statistics.median(a_all), statistics.median(b_all)
        print(f"{name:28}{mine:>10.1f}{'':10}{other:>10.1f}{'':10}{mine / other:>10.2f} (at most {_AT_MOST[name]})")
    for name, costs in others.items():
        walls, cpus = _ratio(ours["cold"], costs, "wall"), _ratio(ours["cold"], costs, "cpu")
        print(f"cold, {name}: {_median(costs, 'wall'):.1f} s, CPU {_median(costs, 'cpu'):.1f} s:", end=" ")
        print(f"{walls:.1f} times ours, CPU {cpus:.1f} (goal >= {peers.GOALS[name]})")


def _ratio(ours: list[Cost], theirs: list[Cost], figure: str) -> float:
    return float(statistics.median(getattr(b, figure) / getattr(a, figure) for a, b in zip(ours, theirs, strict=True)))


def _median(costs: list[Cost], figure: str) -> float:
    return float(statistics.median(getattr(cost, figure) for cost in costs))


if __name__ == "__main__":
    main()
