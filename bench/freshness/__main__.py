"""``make bench-freshness``: who finds new entries soonest with as many requests."""

import argparse
import math
from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import blake2b

from aggregator.settings.values import duration
from bench.freshness.generated import generated
from bench.freshness.oracle import future_known, rate_known
from bench.freshness.ours import ours
from bench.freshness.peers import PEERS
from bench.freshness.recorded import CORPUS, recorded
from bench.freshness.simulate import Score, Walls
from bench.freshness.trace import HOUR, Policy, Trace
from bench.freshness.tuning import at_budget, best_of, requests_at

_BUDGETS = (4.0, 8.0, 24.0)  # requests a day for a feed, on average
_GOALS = (0.7, 1.0, 0.6)


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
    for name, (training, held_out) in sets.items():
        if not training or not held_out:
            continue
        for budget in asked.budgets:
            chosen = {peer: best_of(training, tried, budget, walls) for peer, tried in PEERS.items()}
            for half, traces in (("training", training), ("held out", held_out)):
                print(f"\n{name}, {half}: {len(traces)} feeds, {budget:g} requests each a day")
                _compare(traces, chosen, budget, walls)


def _halves(traces: Sequence[Trace]) -> tuple[list[Trace], list[Trace]]:
    """Return the traces in two halves, by the names of the feeds."""
    training = [trace for trace in traces if blake2b(trace.name.encode()).digest()[0] % 2 == 0]
    return training, [trace for trace in traces if trace not in training]


def _compare(traces: Sequence[Trace], peers: Mapping[str, Policy], budget: float, walls: Walls) -> None:
    print(f"{'':34}{'mean':>8}{'p95':>8}{'lost':>9}{'requests':>10}{'MB/day':>8}")
    scores = {}
    for name, policy in peers.items():
        scores[name] = _line(name, traces, policy, budget, walls)
    best = min(scores.values(), key=lambda score: score.mean)
    least_lost = min(score.lost for score in scores.values())
    mine = _line("ours", traces, ours(walls), budget, walls)
    _line("bound: knows every rate", traces, rate_known, budget, walls)
    _line("bound: knows the future", traces, future_known, budget, walls)
    spared = requests_at(traces, ours(walls), best.mean, walls) / budget
    found = (mine.mean / best.mean, mine.quantile(0.95) / best.quantile(0.95), spared)
    words = ("mean wait", "p95", "requests at the best peer's mean wait")
    print(
        "to the best peer: "
        + ", ".join(
            f"{word} {each:.2f}x ({'met' if each <= goal else 'goal'} {goal:g})"
            for word, each, goal in zip(words, found, _GOALS, strict=True)
        )
        + f", entries lost {'fewer than' if mine.lost < least_lost else 'not fewer than'} any"
    )


def _line(name: str, traces: Sequence[Trace], policy: Policy, budget: float, walls: Walls) -> Score:
    _, found = at_budget(traces, policy, budget, walls)
    asked = found.requests / len(traces)
    less = "" if math.isclose(asked, budget, rel_tol=0.02) else "  asks no more"
    print(
        f"{name:34}{found.mean / HOUR:>7.2f}h{found.quantile(0.95) / HOUR:>7.2f}h{found.lost / found.entries:>9.3%}"
        f"{asked:>10.2f}{found.bytes / 1e6:>8.1f}{less}",
        flush=True,
    )
    return found


if __name__ == "__main__":
    main()
