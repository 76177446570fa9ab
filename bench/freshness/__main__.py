"""``make bench-freshness``: who finds new entries soonest with as many requests."""

import argparse
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from hashlib import blake2b

from aggregator.settings.values import duration
from bench.freshness.generated import generated
from bench.freshness.hindsight import future_known
from bench.freshness.oracle import hours_known, rate_known
from bench.freshness.ours import ours
from bench.freshness.peers import PEERS, fixed
from bench.freshness.recorded import CORPUS, recorded
from bench.freshness.simulate import Score, Walls, score
from bench.freshness.trace import HOUR, Policy, Trace
from bench.freshness.tuning import at_budget, best_of, requests_at

_BUDGETS = (4.0, 8.0, 24.0)  # requests a day for a feed, on average
_GOALS = (0.7, 1.0, 0.6)
_BOUNDS: dict[str, Callable[[Walls], Policy]] = {
    "knows every rate": lambda _: rate_known,
    "knows every week and its hours": hours_known,
    "knows the future": future_known,
}


def main() -> None:
    """Tune the peers on the training traces, and print a table for these and for those held out."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--min", type=duration, default=timedelta(minutes=5), help="between two polls of a feed")
    reader.add_argument("--budgets", type=float, nargs="+", default=_BUDGETS, help="requests a feed and day")
    asked = reader.parse_args()
    walls = Walls(shortest=asked.min.total_seconds())
    known = list(recorded()) if CORPUS.is_dir() else []
    if not known:
        print(f"no recorded histories: {CORPUS} is absent")
    sets = {
        "recorded": _halves(known),
        "generated": (list(generated(seed=1)), list(generated(seed=2))),
    }
    with ProcessPoolExecutor() as workers:
        tables = [
            workers.submit(_tables, name, training, held_out, budget, walls)
            for name, (training, held_out) in sets.items()
            if training and held_out
            for budget in asked.budgets
        ]
        for table in tables:
            print(table.result(), flush=True)


def _tables(name: str, training: Sequence[Trace], held_out: Sequence[Trace], budget: float, walls: Walls) -> str:
    """Return what all come to at a budget, on both halves."""
    chosen = {peer: best_of(training, tried, budget, walls) for peer, tried in PEERS.items()}
    lines = []
    for half, traces in (("training", training), ("held out", held_out)):
        lines.append(f"\n{name}, {half}: {len(traces)} feeds, {budget:g} requests each a day")
        lines += _compared(traces, chosen, budget, walls)
    return "\n".join(lines)


def _halves(traces: Sequence[Trace]) -> tuple[list[Trace], list[Trace]]:
    """Return the traces in two halves, by the names of the feeds."""
    training = [trace for trace in traces if blake2b(trace.name.encode()).digest()[0] % 2 == 0]
    return training, [trace for trace in traces if trace not in training]


def _compared(traces: Sequence[Trace], peers: Mapping[str, Policy], budget: float, walls: Walls) -> Iterator[str]:
    yield f"{'':34}{'mean':>8}{'p95':>8}{'lost':>9}{'requests':>10}{'MB/day':>8}"
    scores = {}
    for name, policy in peers.items():
        _, scores[name] = at_budget(traces, policy, budget, walls)
        yield _line(name, traces, scores[name], budget)
    _, mine = at_budget(traces, ours(walls), budget, walls)
    yield _line("ours", traces, mine, budget)
    for name, bound in _BOUNDS.items():
        yield _line(name, traces, at_budget(traces, bound(walls), budget, walls)[1], budget)
    yield _line("as often as the walls allow", traces, score(traces, fixed, 0.0, walls), budget)
    best = min(scores.values(), key=lambda found: found.mean)
    least_lost = min(found.lost for found in scores.values())
    spared = requests_at(traces, ours(walls), best.mean, walls) / budget
    found = (mine.mean / best.mean, mine.quantile(0.95) / best.quantile(0.95), spared)
    words = ("mean wait", "p95", "requests at the best peer's mean wait")
    yield (
        "to the best peer: "
        + ", ".join(
            f"{word} {each:.2f}x ({'met' if each <= goal else 'goal'} {goal:g})"
            for word, each, goal in zip(words, found, _GOALS, strict=True)
        )
        + f", entries lost {_lost_beside(mine.lost, least_lost)} any"
    )


def _lost_beside(mine: float, least: float) -> str:
    return "fewer than by" if mine < least else "as few as by" if mine == least else "more than by"


def _line(name: str, traces: Sequence[Trace], found: Score, budget: float) -> str:
    asked = found.requests / len(traces)
    less = "" if math.isclose(asked, budget, rel_tol=0.02) else f"  asks no {'more' if asked < budget else 'less'}"
    return (
        f"{name:34}{found.mean / HOUR:>7.2f}h{found.quantile(0.95) / HOUR:>7.2f}h{found.lost / found.entries:>9.3%}"
        f"{asked:>10.2f}{found.bytes / 1e6:>8.1f}{less}"
    )


if __name__ == "__main__":
    main()
