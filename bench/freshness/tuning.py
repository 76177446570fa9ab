"""Every policy with the same number of requests."""

from collections.abc import Sequence
from math import sqrt

from bench.freshness.simulate import Score, Walls, score
from bench.freshness.trace import Policy, Trace

_CLOSE = 0.003
_STEPS = 18
_HALVINGS = 8


def at_budget(traces: Sequence[Trace], policy: Policy, budget: float, walls: Walls) -> tuple[float, Score]:
    """Return the scale at which a policy asks every feed so often a day, on average, and its score there."""
    low, high, scale = 1e-4, 1e4, 1.0
    for _ in range(_STEPS):
        found = score(traces, policy, scale, walls)
        asked = found.requests / len(traces)
        if abs(asked / budget - 1) < _CLOSE:
            break
        low, high = (scale, high) if asked > budget else (low, scale)
        guess = scale * asked / budget
        scale = guess if low < guess < high else sqrt(low * high)
    return scale, found


def best_of(traces: Sequence[Trace], policies: Sequence[Policy], budget: float, walls: Walls) -> Policy:
    """Return that of the policies whose entries wait the least."""
    if len(policies) == 1:
        return policies[0]
    return min(policies, key=lambda policy: at_budget(traces, policy, budget, walls)[1].mean)


def requests_at(traces: Sequence[Trace], policy: Policy, mean: float, walls: Walls) -> float:
    """Return how often a day a policy has to ask a feed so that entries wait ``mean`` seconds on average."""
    low, high = 1e-2, 1e2
    for _ in range(_HALVINGS):
        scale = sqrt(low * high)
        found = score(traces, policy, scale, walls)
        low, high = (scale, high) if found.mean < mean else (low, scale)
    return found.requests / len(traces)
